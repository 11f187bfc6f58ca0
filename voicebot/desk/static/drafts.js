// Keeps what is typed in this browser until it is saved, so that a reload, a lost network or an ended login loses nothing.
//
// Drafts are kept by agent and form: those of another agent of the same computer are never shown. They go when the form is
// saved, when the agent logs out, and after half a day.

const LASTS = 12 * 3600_000; // ms
const agent = document.body.dataset.agent;
const mine = `desk.draft.${agent}.`;

/** The names of this agent's drafts. */
export function drafts() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(mine))
    .map((key) => key.slice(mine.length));
}

/** Notes what is in a form by now. */
export function keepDraft(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "customer");
  put(form.dataset.draft, { fields, at: Date.now() });
}

/** Whether something was typed in a form that is not saved yet. */
export function hasDraft(form) {
  return Boolean(get(form.dataset.draft));
}

/** Forgets a draft. */
export function dropDraft(name) {
  localStorage.removeItem(mine + name);
}

/** Puts what was typed back into the forms within an element, once. */
export function restoreDrafts(within) {
  for (const form of within.querySelectorAll("form[data-draft]:not([data-restored])")) {
    form.dataset.restored = "";
    const draft = get(form.dataset.draft);
    if (draft) fill(form, draft.fields);
  }
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not(button, [type=hidden])`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
      else field.value = value;
    }
  }
}

/** Forgets everything of this agent: who logs out leaves nothing on a shared computer. */
export function dropAll() {
  for (const name of drafts()) dropDraft(name);
}

function put(name, draft) {
  try {
    localStorage.setItem(mine + name, JSON.stringify(draft));
  } catch {
    // no room, or not allowed: the page itself still holds the text
  }
}

function get(name) {
  return JSON.parse(localStorage.getItem(mine + name) ?? "null");
}

/** Drafts of anybody that are older than half a day are nobody's any more. */
function dropOld() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("desk."))) {
    const { at } = JSON.parse(localStorage.getItem(key)) ?? {};
    if (!at || Date.now() - at > LASTS) localStorage.removeItem(key);
  }
}

dropOld();

document.addEventListener("input", ({ target }) => target.name && target.form?.matches("[data-draft]") && keepDraft(target.form));
