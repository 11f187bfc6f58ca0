// Lists of the office pages: rows are found while somebody types, and times are written in the page's own zone.

import { writeTimes } from "./times.js";

const find = document.getElementById("find");

function search() {
  const wanted = find.value.trim().toLocaleLowerCase();
  let shown = 0;
  for (const row of document.querySelectorAll(find.dataset.finds)) {
    row.hidden = !row.dataset.find.toLocaleLowerCase().includes(wanted);
    shown += !row.hidden;
  }
  const found = document.getElementById("found");
  found.textContent = shown ? "" : found.dataset.none;
}

find?.addEventListener("input", search);
document.addEventListener("keydown", (event) => {
  if (!find || event.key !== "/" || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  find.focus();
});
writeTimes(document);
