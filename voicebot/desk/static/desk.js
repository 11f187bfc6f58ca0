// The desk: takes in what the server sends, keeps what the agent is typing, and sends what the agent does.

import { openLine } from "./softphone.js";

const { dataset } = document.body;
const byId = (id) => document.getElementById(id);
const title = document.title;
let clockOffset = Date.parse(dataset.now) - Date.now(); // the server's clock minus ours, ms

// -- what the server sends

function listen() {
  const source = new EventSource(dataset.events);
  source.onopen = connected;
  source.onmessage = ({ data }) => take(JSON.parse(data));
  source.addEventListener("signed-out", () => location.reload());
  source.onerror = () => {
    disconnected();
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000); // the server answered with a failure
  };
}

let lostSoon = 0;

function connected() {
  clearTimeout(lostSoon);
  lostSoon = 0;
  byId("lost").hidden = true;
}

function disconnected() {
  lostSoon ||= setTimeout(() => (byId("lost").hidden = false), 2500); // a reconnection in passing is no news
}

function take(message) {
  if (message.now) clockOffset = Date.parse(message.now) - Date.now();
  else if (message.id) show(message);
  else showWords(message.call, message.text);
}

function show({ id, html, key }) {
  const part = byId(id);
  if (!part || part.dataset.key === key) return;
  if (id === "disposition") keepUnwritten(part);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = html;
  part.dataset.key = key;
  if (focused) byId(focused)?.focus();
  arrived(id, part);
}

function arrived(id, part) {
  writeTimes(part);
  if (id === "call") announce(part);
  if (id === "file") reopen(part);
  if (id === "presence" || id === "call") line?.tell();
  if (id === "heard") toLastWords();
}

function showWords(call, text) {
  for (const place of document.querySelectorAll(`[data-words="${CSS.escape(call)}"]`)) place.textContent = text;
  toLastWords();
}

function toLastWords() {
  for (const words of document.querySelectorAll("#heard q")) words.scrollLeft = words.scrollWidth;
}

/** An offer is told in the tab's title and to screen readers, and Accept gets the focus unless somebody is typing. */
function announce(part) {
  const accept = part.querySelector("#accept");
  document.title = accept ? `● ${dataset.offered}` : title;
  byId("announce").textContent = accept ? dataset.offered : "";
  const typing = document.activeElement?.matches("input, textarea, select");
  if (accept && !typing) accept.focus({ preventScroll: true });
}

// -- times, in the agent's own time zone

const locale = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });

function writeTimes(within) {
  for (const time of within.querySelectorAll("time[data-moment]")) time.textContent = moment(new Date(time.dateTime));
  for (const time of within.querySelectorAll("time[data-day]")) time.textContent = date(new Date(time.dateTime));
  tick(within);
}

function moment(at) {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return Math.abs(at - now) < 7 * 86400000 ? `${day.format(at)} ${clock.format(at)}` : date(at);
}

function date(at) {
  return (at.getFullYear() === new Date().getFullYear() ? day : year).format(at);
}

function tick(within) {
  const now = Date.now() + clockOffset;
  for (const time of within.querySelectorAll("time[data-since]")) write(time, now - Date.parse(time.dateTime));
  for (const time of within.querySelectorAll("time[data-until]")) write(time, Date.parse(time.dateTime) - now);
}

function write(time, ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (time.textContent !== text) time.textContent = text;
}

// -- what the agent does

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const refused = await send(form, event.submitter);
  form.removeAttribute("aria-busy");
  tell(refused, form.querySelector("[data-refused]") ?? byId("said"));
  if (refused === null && form.dataset.line) line?.[form.dataset.line]();
  if (refused === null && form.matches("[data-unwritten]")) written(form);
});

/** Null when done, else why not. */
async function send(form, submitter) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (answer.ok) return null;
    if (answer.status === 401) location.reload();
    return answer.status < 500 || answer.status === 503 ? (await answer.text()) || dataset.failed : dataset.failed;
  } catch {
    return dataset.failed;
  }
}

function tell(text, place) {
  place.textContent = text ?? "";
  place.hidden = !text;
}

// -- what is still to be written down

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.matches("[data-unwritten]")) return;
  form.dataset.unwritten = "typed";
});

function written(form) {
  form.dataset.unwritten = "saved";
  form.querySelector("[data-result]").textContent = form.dataset.savedText;
  if (form.closest("#unwritten")) form.remove();
  byId("unwritten").hidden = !byId("unwritten").querySelector("form");
}

/** A form that makes way for another call, or for none, stays below until it is saved. */
function keepUnwritten(part) {
  const form = part.querySelector("form[data-unwritten]");
  if (!form || form.dataset.unwritten === "saved") return;
  const customer = document.querySelector(`[name=customer][form="${form.id}"]:is(:checked, [type=hidden])`);
  if (customer) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "customer", value: customer.value }));
  form.querySelector(".of").hidden = false;
  byId("unwritten").append(form);
  byId("unwritten").hidden = false;
}

addEventListener("beforeunload", (event) => {
  // A page that goes takes the note along, and its telephone: the caller would be cut off.
  if (document.querySelector("form[data-unwritten=typed]") || line?.talks()) event.preventDefault();
});

// -- the customer's file: which customer, which tab

const chosen = { call: "", customer: "", tabs: {} };

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-opens]")) return;
  chosen.customer = target.value;
  openCustomer(target);
});

document.addEventListener("submit", ({ target }) => {
  if (target.dataset.picks) chosen.customer = target.dataset.picks;
});

function openCustomer(radio) {
  for (const file of document.querySelectorAll(".customer")) file.hidden = file.id !== radio.dataset.opens;
}

document.addEventListener("click", ({ target }) => {
  const tab = target.closest("[role=tab]");
  if (tab) openTab(tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.parentElement.children];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  openTab(next);
  next.focus();
});

function openTab(tab) {
  const file = tab.closest(".customer");
  chosen.tabs[file.id] = tab.dataset.tab;
  for (const other of tab.parentElement.children) {
    const open = other === tab;
    other.setAttribute("aria-selected", open);
    other.tabIndex = open ? 0 : -1;
    byId(other.getAttribute("aria-controls")).hidden = !open;
  }
  for (const beside of file.querySelectorAll("[data-beside]")) beside.hidden = beside.dataset.beside === tab.dataset.tab;
}

/** A file that was sent again, for instance with a new promise, opens where the agent had it. */
function reopen(part) {
  const call = part.querySelector("[name=customer]")?.getAttribute("form") ?? "";
  if (chosen.call !== call) Object.assign(chosen, { call, customer: "", tabs: {} });
  const radio = chosen.customer && part.querySelector(`[data-opens][value="${CSS.escape(chosen.customer)}"]`);
  if (radio) {
    radio.checked = true;
    openCustomer(radio);
  }
  for (const [file, tab] of Object.entries(chosen.tabs)) {
    const button = byId(file)?.querySelector(`[data-tab="${tab}"]`);
    if (button) openTab(button);
  }
}

// -- that the desk is there

function beat() {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const there = dataset.events.replace(/events$/, "beat");
  fetch(there, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
}

setInterval(beat, 4000);

const line = dataset.softphone ? openLine(dataset) : null;
for (const id of ["call", "file", "heard"]) arrived(id, byId(id));
if (document.querySelector("#call .state.accepted")) line?.answer(); // accepted before this page was loaded again
writeTimes(document);
setInterval(() => tick(document), 500);
listen();

document.removeEventListener("submit", window.early.press);
if (window.early.waiting) window.early.waiting[0].requestSubmit(window.early.waiting[1]);
