// Times on the page, in the agent's own time zone and by the server's clock.

const locale = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
let offset = 0; // the server's clock minus ours, ms

/** Notes what time it is at the server. */
export function setClock(now) {
  offset = Date.parse(now) - Date.now();
}

/** Writes every time within an element. */
export function writeTimes(within) {
  for (const time of within.querySelectorAll("time[data-moment]")) put(time, moment(new Date(time.dateTime)));
  for (const time of within.querySelectorAll("time[data-day]")) put(time, date(new Date(time.dateTime)));
  tick(within);
}

/** Writes what goes on by itself: since when, and how long still. */
export function tick(within) {
  const now = Date.now() + offset;
  for (const time of within.querySelectorAll("time[data-since]")) put(time, lasting(now - Date.parse(time.dateTime)));
  for (const time of within.querySelectorAll("time[data-until]")) put(time, lasting(Date.parse(time.dateTime) - now));
}

function moment(at) {
  const now = new Date(Date.now() + offset);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return Math.abs(at - now) < 7 * 86400000 ? `${day.format(at)} ${clock.format(at)}` : date(at);
}

function date(at) {
  return (at.getFullYear() === new Date(Date.now() + offset).getFullYear() ? day : year).format(at);
}

function lasting(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

function put(time, text) {
  if (time.textContent !== text) time.textContent = text;
}
