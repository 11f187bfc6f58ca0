// Keyboard shortcuts: Alt with a letter presses or goes to what carries it; ? shows the list.

const OFF = "desk-help-key-off"; // in localStorage: this browser's agent does not want the ? key
const byId = (id) => document.getElementById(id);
const PLACES = { KeyG: () => (byId("opened").hidden ? byId("file") : byId("opened")) };

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?" && !typing(event.target) && !localStorage.getItem(OFF)) return show(event);
  if (!event.altKey || event.ctrlKey || event.metaKey || !event.code.startsWith("Key")) return;
  const target = event.code === "KeyS" ? otherPresence() : (PLACES[event.code]?.() ?? carries(event.code.slice(3)));
  if (!target) return;
  event.preventDefault();
  if (target.matches("button")) target.click();
  else target.focus();
});

function carries(letter) {
  const all = document.querySelectorAll(`[aria-keyshortcuts="Alt+${letter}"]:not(:disabled)`);
  return [...all].find((one) => one.checkVisibility());
}

function otherPresence() {
  return document.querySelector("#presence .switch button[aria-pressed=false]:not(:disabled)");
}

function typing(element) {
  return element.matches("input:not([type=radio], [type=checkbox]), textarea, select");
}

function show(event) {
  event?.preventDefault();
  byId("keys-help-on").checked = !localStorage.getItem(OFF);
  byId("keys").showModal();
}

byId("show-keys").addEventListener("click", () => show());
byId("keys-help-on").addEventListener("change", ({ target }) => {
  if (target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});
