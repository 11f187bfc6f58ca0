// The customer's file: which customer and which tab is open, and a file that was looked up.

const byId = (id) => document.getElementById(id);
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
  for (const file of document.querySelectorAll("#file .customer")) file.hidden = file.id !== radio.dataset.opens;
}

document.addEventListener("click", ({ target }) => {
  const tab = target.closest("[role=tab]");
  if (tab) openTab(tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  if (!tab) return;
  const tabs = [...tab.parentElement.children];
  const to = { ArrowLeft: tabs.indexOf(tab) - 1, ArrowRight: tabs.indexOf(tab) + 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = tabs.at(to % tabs.length);
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
export function reopen(part) {
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

// -- a file that was looked up lies upon the caller's

/** Shows a file that was looked up. */
export function showOpened(html) {
  byId("opened").innerHTML = html;
  byId("opened").hidden = false;
  byId("file").hidden = true;
  byId("opened").focus();
}

/** Goes back to the caller's file. */
export function closeOpened() {
  if (byId("opened").hidden) return;
  byId("opened").replaceChildren();
  byId("opened").hidden = true;
  byId("file").hidden = false;
  byId("file").focus({ preventScroll: true });
}

document.addEventListener("click", ({ target }) => {
  if (target.id === "close-opened") closeOpened();
});
