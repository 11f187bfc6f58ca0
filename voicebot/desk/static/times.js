// Times as the page's own time zone and language write them, and those that run.

const locale = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
let ahead = 0; // the server's clock minus ours, ms

/** The server's clock says that it is this moment, in ISO 8601. */
export function setClock(now) {
  ahead = Date.parse(now) - Date.now();
}

export function writeTimes(within) {
  for (const time of within.querySelectorAll("time[data-moment]")) time.textContent = moment(new Date(time.dateTime));
  tick(within);
}

export function tick(within) {
  const now = Date.now() + ahead;
  for (const time of within.querySelectorAll("time[data-since]")) write(time, now - Date.parse(time.dateTime));
}

function moment(at) {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  if (Math.abs(at - now) < 7 * 86400000) return `${day.format(at)} ${clock.format(at)}`;
  return (at.getFullYear() === now.getFullYear() ? day : year).format(at);
}

function write(time, ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (number) => String(number).padStart(2, "0");
  const text = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  if (time.textContent !== text) time.textContent = text;
}
