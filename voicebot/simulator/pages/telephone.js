// The browser telephone: call a line of the voice bot as any caller, and watch what it makes of the call.

import { Line, microphoneWords, stillWords } from "./line.js";
import { EXAMPLES, TECHNICAL, WORDS, detailWords } from "./words.js";

const IN_CALL = ["calling", "connected"];
const $ = (id) => document.getElementById(id);
const identity = `caller-${Math.random().toString(36).slice(2, 10)}`;
const line = new Line(`${location.origin.replace("http", "ws")}/line/${identity}`);

let language = chosenLanguage();
let numbers = null; // {lines, callers}, once loaded
let microphone = "off";
let lastEnd = null; // why the last call ended
let ringer = ""; // who is calling
let connectedAt = 0;
let partial = null; // the row of words that may still change
let playing = ""; // the prompt whose end was marked last

// Language

function chosenLanguage() {
  const wanted = [localStorage.getItem("language"), ...navigator.languages];
  return wanted.map((name) => name?.slice(0, 2)).find((name) => name in WORDS) ?? "nl";
}

function speak(name) {
  language = name;
  localStorage.setItem("language", name);
  document.documentElement.lang = name;
  document.title = WORDS[name].title;
  for (const element of document.querySelectorAll("[data-words]")) {
    element.textContent = WORDS[name][element.dataset.words];
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", WORDS[name][element.dataset.label]);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", button.dataset.language === name);
  }
  for (const row of $("timeline").children) write(row);
  drawNumbers();
  drawKeys();
  draw();
}

// The numbers

async function load() {
  try {
    const answer = await fetch("/telephone.json", { signal: AbortSignal.timeout(5000) });
    numbers = await answer.json();
  } catch {
    numbers = null;
  }
  drawNumbers();
  draw();
}

function drawNumbers() {
  if (!numbers) return;
  const { unknown, withheld } = WORDS[language];
  fill($("to"), numbers.lines.map(({ number, name }) => [number, name]));
  fill($("from"), [
    ...numbers.callers.map(({ number, name }) => [number, `${name} (${number})`]),
    ["other", unknown],
    ["anonymous", withheld],
  ]);
  $("other").hidden = $("from").value !== "other";
  drawExamples();
}

function fill(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

function lineLanguage() {
  return numbers?.lines.find(({ number }) => number === $("to").value)?.language ?? language;
}

function drawExamples() {
  const spoken = lineLanguage();
  const buttons = (EXAMPLES[spoken] ?? []).map((sentence) => button(sentence, () => type(sentence)));
  for (const example of buttons) example.lang = spoken;
  $("examples").replaceChildren(...buttons);
  $("text").lang = spoken;
}

function drawKeys() {
  const { key, star, hash } = WORDS[language];
  const names = { "*": star, "#": hash };
  $("keys").replaceChildren(
    ...[..."123456789*0#"].map((digit) => {
      const pressed = button(digit, () => line.press(digit));
      pressed.setAttribute("aria-label", `${key} ${names[digit] ?? digit}`);
      return pressed;
    }),
  );
}

function button(text, press) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.onclick = press;
  return element;
}

// What can be done

function call() {
  const chosen = $("from").value;
  if (chosen === "other" && !$("number").reportValidity()) return;
  clearTimeline();
  lastEnd = null;
  line.call($("to").value, chosen === "other" ? $("number").value : chosen);
}

function type(text) {
  line.type(text, lineLanguage());
}

function mute() {
  line.mute = !line.mute;
  draw();
}

// What is shown

function draw() {
  const { state } = line;
  document.body.dataset.state = state;
  $("status").textContent = statusWords();
  const microphoneState = microphone === "on" && line.mute ? "muted" : microphone;
  $("microphone").textContent = `${microphoneWords(microphoneState, language)} ${stillWords(microphoneState, language)}`.trim();
  $("microphone").dataset.state = microphoneState;
  show("call", !IN_CALL.includes(state) && state !== "ringing");
  show("answer", state === "ringing");
  show("decline", state === "ringing");
  show("hangup", IN_CALL.includes(state));
  show("mute", state === "connected");
  $("mute").setAttribute("aria-pressed", line.mute);
  $("call").disabled = state !== "idle" || !numbers?.lines.length;
  for (const id of ["to", "from", "number"]) $(id).disabled = IN_CALL.includes(state);
  for (const control of document.querySelectorAll("#typing button, #text, #keys button")) {
    control.disabled = state !== "connected";
  }
  $("number").setCustomValidity("");
  if (!$("number").validity.valid) $("number").setCustomValidity(WORDS[language].wrongNumber);
}

/** Hides a button; when it had the focus, the one that takes its place gets it. */
function show(id, visible) {
  const focused = document.activeElement === $(id);
  $(id).hidden = !visible;
  if (!visible && focused) queueMicrotask(() => document.querySelector(".calling button:not([hidden])")?.focus());
}

function statusWords() {
  const words = WORDS[language];
  const { state } = line;
  if (state === "idle" && lastEnd) return words.ended[lastEnd] ?? words.ended.other;
  if (state === "idle" && !numbers?.lines.length) return words.noLines;
  if (state === "ringing") return `${words.states.ringing}: ${ringer}`;
  if (state === "connected") return `${words.states.connected} ${clock((Date.now() - connectedAt) / 1000)}`;
  return words.states[state];
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// The timeline

function clearTimeline() {
  $("timeline").replaceChildren();
  $("timeline").hidden = true;
  $("empty").hidden = false;
  partial = null;
  playing = "";
}

function kindWords(kind) {
  return WORDS[language].kinds[kind] ?? kind;
}

function note({ at, kind, detail }) {
  const row = kind === "partial" && partial ? partial : document.createElement("li");
  row.className = TECHNICAL.has(kind) ? "technical" : kind.replaceAll(" ", "-");
  if (kind === "mark") playing = detail.replace(/-\d+$/, "");
  Object.assign(row.dataset, { at, kind, detail, prompt: playing });
  write(row);
  if (kind === "heard") partial?.remove();
  partial = kind === "partial" ? row : kind === "heard" ? null : partial;
  $("timeline").append(row);
  $("timeline").hidden = false;
  $("empty").hidden = true;
  row.scrollIntoView({ block: "nearest" });
}

function write(row) {
  const { at, kind, detail, prompt } = row.dataset;
  const called = numbers?.lines.find(({ number }) => number === $("to").value);
  const texts = { prompts: called?.prompts, people: numbers?.people, prompt };
  row.replaceChildren(
    part("time", seconds(at)),
    part("b", kindWords(kind)),
    part("span", detailWords(kind, detail, language, texts)),
  );
}

function seconds(at) {
  return `${Number(at).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`;
}

function part(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

// Joined together

line.addEventListener("ready", load);
line.addEventListener("ringing", ({ detail }) => {
  clearTimeline();
  ringer = numbers?.lines.find(({ number }) => number === detail.from)?.name ?? detail.from;
  draw();
});
line.addEventListener("answered", () => {
  connectedAt = Date.now();
});
line.addEventListener("ended", ({ detail }) => {
  lastEnd = detail.reason;
  draw();
});
line.addEventListener("microphone", ({ detail }) => {
  microphone = detail.state;
  $("level").style.scale = "0 1";
  draw();
});
line.addEventListener("level", ({ detail }) => {
  $("level").style.scale = `${Math.min(1, Math.sqrt(detail.level) * 1.6)} 1`;
});
line.addEventListener("timeline", ({ detail }) => note(detail));
line.addEventListener("state", draw);
setInterval(() => line.state === "connected" && draw(), 1000);

$("call").onclick = call;
$("answer").onclick = () => line.answer();
$("decline").onclick = () => line.decline();
$("hangup").onclick = () => line.hangup();
$("mute").onclick = mute;
$("to").onchange = drawExamples;
$("from").onchange = drawNumbers;
$("number").oninput = draw;
$("technical").onchange = ({ target }) => $("timeline").classList.toggle("technical", target.checked);
$("typing").onsubmit = (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text) type(text);
  $("text").value = "";
};
for (const choice of document.querySelectorAll("[data-language]")) {
  choice.onclick = () => speak(choice.dataset.language);
}

$("keypad").open = matchMedia("(min-width: 861px)").matches;
speak(language);
line.connect();
