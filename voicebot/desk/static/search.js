// Finding a customer: a field with a list below it, worked by keyboard as by mouse.

import { closeOpened, showOpened } from "./customer.js";
import { get, post } from "./posting.js";
import { writeTimes } from "./times.js";

const PAUSE = 300; // ms without a key before it is looked for
const SHORTEST = 3; // characters
const byId = (id) => document.getElementById(id);
const field = byId("q");
const list = byId("found");
let timer = 0;
let asked = 0;

async function look() {
  clearTimeout(timer);
  const turn = (asked += 1);
  const text = field.value.trim();
  if (text.length < SHORTEST) return close();
  const html = await ask(text);
  if (turn === asked) show(html); // else something else was typed meanwhile
}

function show(html) {
  list.innerHTML = html;
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  activate(options()[0]);
  const told = list.querySelector(".told")?.textContent;
  byId("found-count").textContent = told ?? byId("found-count").dataset.text.replace("{count}", options().length);
}

async function ask(text) {
  const { done, text: answer } = await post(byId("search").action, new URLSearchParams({ q: text }));
  return done ? answer : told(answer || document.body.dataset.failed);
}

function told(text) {
  const item = Object.assign(document.createElement("li"), { className: "told", textContent: text });
  item.setAttribute("role", "presentation");
  return item.outerHTML;
}

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function active() {
  return list.querySelector("[aria-selected=true]");
}

function activate(option) {
  for (const other of options()) other.setAttribute("aria-selected", other === option);
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function close() {
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
  byId("found-count").textContent = "";
}

async function open(option) {
  close();
  try {
    const answer = await get(option.dataset.file);
    if (!answer.ok) return show(told(answer.status < 500 ? await answer.text() : document.body.dataset.failed));
    field.value = "";
    showOpened(await answer.text());
    writeTimes(byId("opened"));
  } catch {
    show(told(document.body.dataset.failed));
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});

field.addEventListener("keydown", (event) => {
  const all = options();
  const at = all.indexOf(active());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: undefined }[event.key];
  if (to !== undefined && !list.hidden && all.length) {
    event.preventDefault();
    activate(all.at(to % all.length));
  } else if (event.key === "ArrowDown") look();
  else if (event.key === "Escape" && !list.hidden) close();
  else if (event.key === "Escape") field.value ? (field.value = "") : closeOpened();
});

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!list.hidden && active()) open(active());
  else look();
});

list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) open(option);
});
field.addEventListener("blur", close);
