// The desk: takes in what the server sends, keeps what the agent is typing, and sends what the agent does.

import "./beats.js";
import "./keys.js";
import "./search.js";
import { closeOpened, reopen } from "./customer.js";
import { drafts, dropAll, dropDraft, hasDraft, restoreDrafts } from "./drafts.js";
import { logInAgain } from "./login.js";
import { morph } from "./morph.js";
import { closePanel, settlePanels } from "./panels.js";
import { dropQueue, get, send, sendQueue, waits } from "./posting.js";
import { openLine } from "./softphone.js";
import { setClock, tick, writeTimes } from "./times.js";

const { dataset } = document.body;
const byId = (id) => document.getElementById(id);
const title = document.title;
setClock(dataset.now);

// -- what the server sends

let source = null;

function listen() {
  source?.close();
  source = new EventSource(dataset.events);
  source.onopen = connected;
  source.onmessage = ({ data }) => take(JSON.parse(data));
  source.addEventListener("signed-out", () => {
    source.close();
    logInAgain();
  });
  source.onerror = ({ target }) => {
    disconnected();
    if (target.readyState === EventSource.CLOSED) setTimeout(listen, 3000); // the server answered with a failure
  };
}

document.addEventListener("logged-in", listen);

let lostSoon = 0;

function connected() {
  clearTimeout(lostSoon);
  lostSoon = 0;
  byId("lost").hidden = true;
  sendQueue();
}

function disconnected() {
  lostSoon ||= setTimeout(() => (byId("lost").hidden = false), 2500); // a reconnection in passing is no news
}

function take(message) {
  if (message.now) setClock(message.now);
  else if (message.id === "who") showWho(message.html);
  else if (message.id) show(message);
  else showWords(message.call, message.text);
}

function show({ id, html, key }) {
  const part = byId(id);
  if (!part || part.dataset.key === key) return;
  if (id === "disposition") keepUnwritten(part, html);
  morph(part, html);
  part.dataset.key = key;
  arrived(id, part);
}

function arrived(id, part) {
  writeTimes(part);
  restoreDrafts(part);
  settlePanels();
  if (id === "call") {
    announce(part);
    showWho(who);
  }
  if (id === "file") reopen(part);
  if (id === "presence" || id === "call") line?.tell();
}

function showWords(call, text) {
  for (const place of document.querySelectorAll(`[data-words="${CSS.escape(call)}"]`)) place.textContent = text;
}

let who = ""; // who it is: it comes with the file, which may be slower than the call

function showWho(html) {
  who = html;
  const place = byId("who");
  if (place && html.includes(`data-call="${place.dataset.own}"`)) place.innerHTML = html;
}

let announced = "";

/** A new offer is told in the tab's title and to screen readers, and Accept gets the focus unless somebody is typing. */
function announce(part) {
  const accept = part.querySelector("#accept");
  const text = accept ? (part.querySelector(".state.invited") ? dataset.invited : dataset.offered) : "";
  document.title = text ? `● ${text}` : title;
  const fresh = text && announced !== text;
  announced = text;
  byId("announce").textContent = text;
  if (!fresh) return;
  closeOpened();
  const busy = document.activeElement?.matches("input, textarea, select") || document.querySelector("dialog[open]");
  if (!busy) accept.focus({ preventScroll: true });
}

// -- what the agent does

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy") || (form.dataset.asks && !confirm(form.dataset.asks))) return;
  form.setAttribute("aria-busy", "true");
  const { done, text, unheard } = await send(form, event.submitter);
  form.removeAttribute("aria-busy");
  tell(form, done === false ? text : "", done ? text : "");
  const hangsUp = unheard && form.hasAttribute("data-anyway"); // nobody stays on a line since our server is away
  if (form.dataset.line && (done || hangsUp)) line?.[form.dataset.line]();
  if (done) saved(form, event.submitter);
  else if (done === undefined) result(form, text);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-line]");
  if (button) line?.[button.dataset.line]();
});

/** Says why something was not done, in the form itself if there is a place for it; or what came of it. */
function tell(form, refused, news) {
  write(form?.querySelector("[data-refused]") ?? byId("said"), refused);
  write(byId("told"), news);
}

function write(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

function result(form, text) {
  const place = form.querySelector("[data-result]");
  if (place) place.textContent = text;
}

/** What was typed was taken in. */
function saved(form, submitter) {
  if (form.dataset.closesOpened !== undefined) closeOpened();
  if (!form.dataset.draft) return;
  dropDraft(form.dataset.draft);
  result(form, form.dataset.savedText ?? "");
  for (const choice of form.querySelectorAll(".really button[value]")) choice.setAttribute("aria-pressed", choice === submitter);
  const panel = form.closest(".panel");
  if (panel) {
    form.reset();
    closePanel(panel.id);
  }
  if (form.closest("#unwritten")) form.remove();
  settleUnwritten();
}

document.addEventListener("sent-later", ({ detail }) => {
  const form = document.querySelector(`form[data-draft="${CSS.escape(detail.draft)}"]`);
  if (!detail.done) tell(form, detail.text, "");
  else if (form) saved(form);
});

// -- what is still to be written down

/** A form with something typed in it, which makes way for another call or for none, stays below until it is saved. */
function keepUnwritten(part, html) {
  const form = part.querySelector("form");
  if (!form || html.includes(`id="${form.id}"`) || !hasDraft(form)) return;
  const customer = document.querySelector(`[name=customer][form="${form.id}"]:is(:checked, [type=hidden])`);
  if (customer) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "customer", value: customer.value }));
  moveDown(form);
}

function moveDown(form) {
  form.querySelector(".of").hidden = false;
  byId("unwritten").append(form);
  settleUnwritten();
}

function settleUnwritten() {
  byId("unwritten").hidden = !byId("unwritten").querySelector("form");
}

/** Notes that were typed before the page was loaded again, of calls that are no longer on it. */
async function findUnwritten() {
  for (const draft of drafts()) {
    const [, sid] = draft.match(/^disposition-(.+)$/) ?? [];
    if (!sid || document.querySelector(`form[data-draft="${CSS.escape(draft)}"]`)) continue;
    const answer = await get(`${dataset.home}calls/${encodeURIComponent(sid)}/disposition`);
    if (answer.status === 404) dropDraft(draft);
    if (!answer.ok) continue;
    const place = document.createElement("div");
    place.innerHTML = await answer.text();
    writeTimes(place);
    restoreDrafts(place);
    if (place.querySelector("form")) moveDown(place.querySelector("form"));
  }
}

document.addEventListener("submit", (event) => {
  const asks = event.target.dataset.logsOut;
  if (asks === undefined) return;
  if ((drafts().length || waits()) && !confirm(asks)) return event.preventDefault();
  dropAll();
  dropQueue();
});

addEventListener("beforeunload", (event) => {
  if (line?.talks()) event.preventDefault(); // a page that goes takes its telephone along: the caller would be cut off
});

const line = dataset.softphone ? openLine(dataset) : null;
for (const part of document.querySelectorAll("[data-key]")) arrived(part.id, part);
if (document.querySelector("#call .state.accepted")) line?.answer(); // accepted before this page was loaded again
setInterval(() => tick(document), 500);
findUnwritten().catch(() => {});
listen();
sendQueue();

document.removeEventListener("submit", window.early.press);
if (window.early.waiting) window.early.waiting[0].requestSubmit(window.early.waiting[1]);
