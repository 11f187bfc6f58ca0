// The wall: takes in what the server sends, keeps where the supervisor was, and sends what the supervisor does.

import { openLine } from "./softphone.js";
import { setClock, tick, writeTimes } from "./times.js";

const { dataset } = document.body;
const byId = (id) => document.getElementById(id);
const token = () => document.querySelector("meta[name=csrf-token]").content;

// -- what the server sends

function listen() {
  const source = new EventSource(dataset.events);
  source.onopen = connected;
  source.onmessage = ({ data }) => take(JSON.parse(data));
  source.addEventListener("signed-out", () => {
    source.close();
    out();
  });
  source.onerror = () => {
    disconnected();
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000); // the server answered with a failure
  };
}

/** A page that goes takes its telephone along: not while somebody speaks. */
function out() {
  if (line?.talks()) tell(dataset.out);
  else location.reload();
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
  if (message.now) setClock(message.now);
  else if (message.list) showRows(message);
  else show(message);
}

function show({ id, html, key }) {
  const part = byId(id);
  if (!part || part.dataset.key === key) return;
  keepingFocus(part, () => {
    const open = part.querySelector("details[open]") !== null;
    part.innerHTML = html;
    if (open) part.querySelector("details")?.setAttribute("open", "");
  });
  part.dataset.key = key;
  writeTimes(part);
  if (id === "card" || id === "telephone") line?.tell();
}

/** Rows that changed are replaced; with a new order, those that are gone are taken away and those that moved are moved. */
function showRows({ list, items, order }) {
  const place = byId(list);
  keepingFocus(place, () => {
    for (const html of Object.values(items)) replaceRow(place, html);
    if (order) arrange(place, order);
  });
  writeTimes(place);
  if (list === "agents") find();
}

function arrange(place, order) {
  const wanted = new Set(order);
  for (const row of [...place.children]) if (!wanted.has(row.id)) row.remove();
  order.forEach((id, at) => {
    if (place.children[at]?.id !== id) place.insertBefore(byId(id), place.children[at] ?? null);
  });
}

function replaceRow(place, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = template.content.firstElementChild;
  const known = byId(row.id);
  if (known?.dataset.key === row.dataset.key) return;
  if (known) known.replaceWith(row);
  else place.append(row);
}

function keepingFocus(place, change) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const row = focused?.closest("li[id]");
  const at = row ? rowsShown().indexOf(row) : -1;
  change();
  if (!focused || focused.isConnected) return;
  const again = byId(focused.id) ?? (row && byId(row.id)?.querySelector("button")) ?? nearest(at);
  again?.focus({ preventScroll: true });
}

/** The first button of the row that is now where another was. */
function nearest(at) {
  const rows = rowsShown();
  return at < 0 ? null : rows[Math.min(at, rows.length - 1)]?.querySelector("button");
}

// -- what the supervisor does

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const { refused, unheard } = await send(form, event.submitter);
  form.removeAttribute("aria-busy");
  tell(refused);
  const hangsUp = unheard && form.hasAttribute("data-anyway"); // nobody stays on a line since our server is away
  // Whoever asks for a call need not answer their telephone too.
  if (form.dataset.line && (refused === null || hangsUp)) line?.[form.dataset.line]();
  if (refused !== null) return;
  if (form.hasAttribute("data-closes")) byId("ask").close();
});

/** {refused}: null when done, else why not; {unheard} when nobody took it in. */
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token() } });
    if (answer.ok) return { refused: null };
    if (answer.status === 401) out();
    const said = answer.status < 500 || answer.status === 503 ? await answer.text() : "";
    return { refused: said || dataset.failed };
  } catch {
    return { refused: dataset.failed, unheard: true };
  }
}

function tell(text) {
  byId("said").textContent = text ?? "";
  byId("said").hidden = !text;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-answer]")) line?.answer();
});

// -- a question in a window of its own

const ask = byId("ask");

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-ask]");
  if (event.target.closest("[data-close]") && ask.open) {
    event.preventDefault();
    ask.close();
  }
  if (!link) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { "X-CSRFToken": token() } });
    if (!answer.ok) throw new Error(await answer.text());
    ask.innerHTML = await answer.text();
    ask.showModal();
  } catch {
    tell(dataset.failed);
  }
});

// -- the list of agents: found by name, and walked through with the arrow keys

const rowsShown = () => [...byId("agents").children].filter((row) => !row.hidden && row.querySelector("button"));

function find() {
  const wanted = byId("find").value.trim().toLocaleLowerCase();
  let head = null;
  let shown = 0;
  for (const row of byId("agents").children) {
    if (row.hasAttribute("data-group")) {
      head = row;
      head.hidden = wanted !== "";
      continue;
    }
    row.hidden = !row.dataset.find.toLocaleLowerCase().includes(wanted);
    if (!row.hidden) shown += 1;
    if (!row.hidden && head) head.hidden = false;
  }
  const found = byId("found");
  const text = shown || !wanted ? "" : found.dataset.none;
  if (found.textContent !== text) found.textContent = text;
  reachable();
}

/** One row of the list is reached by Tab, with all of its buttons; from there the arrows lead on. */
function reachable() {
  const rows = rowsShown();
  const current = rows.find((row) => row.contains(document.activeElement)) ?? rows.find((row) => row.matches("[data-current]")) ?? rows[0];
  for (const row of byId("agents").children) {
    row.toggleAttribute("data-current", row === current);
    for (const button of row.querySelectorAll("button")) button.tabIndex = row === current ? 0 : -1;
  }
}

byId("find").addEventListener("input", find);
byId("agents").addEventListener("focusin", reachable);

byId("agents").addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const row = event.target.closest("li");
  if (!row || !(step || side)) return;
  event.preventDefault();
  const rows = rowsShown();
  const buttons = [...row.querySelectorAll("button")];
  const at = buttons.indexOf(event.target);
  const next = step ? rows[rows.indexOf(row) + step] : row;
  const choices = [...(next?.querySelectorAll("button") ?? [])];
  choices[Math.min(step ? at : at + side, choices.length - 1)]?.focus();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    byId("find").focus();
  }
  if (event.target.id !== "find") return;
  if (event.key === "Escape") {
    byId("find").value = "";
    find();
  }
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    rowsShown()[0]?.querySelector("button").focus();
  }
});

addEventListener("beforeunload", (event) => {
  if (line?.talks()) event.preventDefault();
});

const line = dataset.softphone ? openLine(dataset) : null;
setClock(dataset.now);
writeTimes(document);
find();
setInterval(() => tick(document), 500);
listen();
