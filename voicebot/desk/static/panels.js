// What opens on the page when it is wanted: the panels below the call, explanations, and the caller's own voice.

import { get } from "./posting.js";

const byId = (id) => document.getElementById(id);
let open = ""; // the panel that is open
let of = ""; // and of which call
let entered = true; // whether the focus went there: a panel may come a moment after its button

/** Opens or closes the panel of this call as the agent had it, after the server sent it anew. */
export function settlePanels() {
  const panel = byId(open);
  if (panel && panel.dataset.of !== of) open = "";
  for (const one of document.querySelectorAll(".panel")) one.hidden = one.id !== open;
  for (const button of document.querySelectorAll("[data-panel]")) {
    button.setAttribute("aria-expanded", button.dataset.panel === open);
  }
  for (const form of document.querySelectorAll(".panel form")) settleForm(form);
  if (panel && open && !entered) enter(panel);
}

/** Closes the panel, and gives the focus back to the button that opened it. */
export function closePanel(id) {
  if (open !== id) return;
  open = "";
  settlePanels();
  document.querySelector(`[data-panel="${id}"]`)?.focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-panel]");
  if (button) toggle(button.dataset.panel);
  const closes = target.closest("[data-closes]")?.dataset.closes;
  if (closes) closePanel(closes);
  byId(target.closest("[data-focus]")?.dataset.focus)?.focus();
  if (target.closest("[data-plays]")) play(target.closest("[data-plays]"));
});

function toggle(id) {
  if (open === id) return closePanel(id);
  open = id;
  of = byId("who")?.dataset.own ?? "";
  entered = false;
  settlePanels();
}

function enter(panel) {
  entered = true;
  panel.scrollIntoView({ block: "nearest" });
  const field = panel.querySelector("textarea, input:not([type=hidden], [type=radio])");
  (field ?? panel.querySelector("button:not(:disabled)"))?.focus();
}

document.addEventListener("click", ({ target }) => {
  if (!byId("account").contains(target)) byId("account").open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && byId("account").open) {
    byId("account").open = false;
    byId("account").querySelector("summary").focus();
  }
  const panel = event.target.closest?.(".panel");
  if (event.key === "Escape" && panel) closePanel(panel.id);
});

/** Fields that only count for one choice are shown with it. */
function settleForm(form) {
  for (const part of form.querySelectorAll("[data-only-kind], [data-only-when]")) {
    const { onlyKind: kind, onlyWhen: when } = part.dataset;
    const shown = kind ? form.elements.kind.value === kind : form.elements.when.value === when;
    part.hidden = !shown;
    for (const field of part.querySelectorAll("input")) field.required = shown;
  }
}

document.addEventListener("change", ({ target }) => target.form?.closest(".panel") && settleForm(target.form));

document.addEventListener("input", ({ target }) => {
  const list = byId(target.dataset.filters);
  if (!list) return;
  const wanted = target.value.trim().toLowerCase();
  for (const item of list.children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
});

/** Enter goes to the first that was found, and sends nothing. */
document.addEventListener("keydown", (event) => {
  const list = event.key === "Enter" && byId(event.target.dataset?.filters);
  if (!list) return;
  event.preventDefault();
  list.querySelector("li:not([hidden]) button:not(:disabled)")?.focus();
});

// -- why a call was understood as it was

document.addEventListener("toggle", async ({ target }) => {
  if (!target.open || !target.dataset?.loads) return;
  const place = target.querySelector("div");
  if (place.childElementCount) return; // it was told already
  try {
    const answer = await get(target.dataset.loads);
    if (answer.ok) place.innerHTML = await answer.text();
    else place.textContent = document.body.dataset.failed;
  } catch {
    target.open = false;
  }
}, true);

// -- the caller's own voice

let playing = null;

function play(button) {
  const stops = playing?.button === button;
  playing?.sound.pause();
  if (playing) playing.button.textContent = playing.button.dataset.play;
  playing = null;
  if (stops) return;
  const sound = new Audio(button.dataset.plays);
  playing = { sound, button };
  button.textContent = button.dataset.stop;
  const over = () => playing?.sound === sound && play(button);
  sound.addEventListener("ended", over);
  sound.addEventListener("error", over);
  sound.play().catch(over);
}
