// The page for operations people: everything works as plain forms; this makes it quicker, and lets people speak.

import { openMicrophone } from "./recorder.js";

const { dataset } = document.body;
const byId = (id) => document.getElementById(id);
const token = document.querySelector("meta[name=csrf-token]").content;

/** The answer's HTML, or null when the page went on to another. */
async function ask(address, body, type) {
  const headers = { "X-CSRFToken": token, ...(type && { "Content-Type": type }) };
  const answer = await fetch(address, { method: "POST", body, headers });
  if (answer.redirected) {
    location.assign(answer.url);
    return null;
  }
  if (answer.status === 401) location.reload();
  const text = await answer.text();
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Error(text || dataset.failed);
  if (answer.status >= 400 && text.includes("<html")) throw new Error(dataset.failed);
  return text;
}

async function busily(form, work) {
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  byId("failed").hidden = true;
  try {
    await work();
  } catch (error) {
    byId("failed").textContent = error instanceof TypeError ? dataset.failed : error.message;
    byId("failed").hidden = false;
    byId("step").close();
  } finally {
    form.removeAttribute("aria-busy");
  }
}

const fieldsOf = (form, submitter) => new URLSearchParams(new FormData(form, submitter));

// -- trying a sentence

const trying = byId("try");

trying?.addEventListener("submit", (event) => {
  event.preventDefault();
  busily(trying, async () => show(await ask(trying.action, fieldsOf(trying))));
});

function show(html) {
  byId("tried").innerHTML = html;
  const heard = byId("tried").querySelector("[data-heard]");
  if (heard) byId("try-sentence").value = heard.dataset.heard;
  byId("tried").focus({ preventScroll: true });
  byId("tried").scrollIntoView({ block: "nearest" });
}

// -- speaking it

const speak = byId("speak");
let recording = null;
let endsBy = 0;

if (speak) speak.hidden = false;
speak?.addEventListener("click", () => (recording ? stop() : start()));

async function start() {
  speak.disabled = true;
  try {
    recording = await openMicrophone(sounds);
    endsBy = setTimeout(stop, dataset.seconds * 1000);
    say(dataset.speaking);
  } catch (error) {
    say(dataset[error.message] ?? dataset.microphoneFailed);
  }
  speak.disabled = false;
  press(recording !== null);
}

function sounds(level, seconds) {
  byId("loudness").value = level;
  byId("spoken-for").textContent = `${Math.floor(seconds)} / ${dataset.seconds} s`;
}

function press(on) {
  speak.setAttribute("aria-pressed", on);
  speak.textContent = on ? dataset.stop : dataset.speak;
  byId("loudness").hidden = byId("spoken-for").hidden = !on;
  byId("spoken-for").textContent = "";
}

async function stop() {
  if (!recording) return;
  clearTimeout(endsBy);
  const { samples, rate } = recording.stop();
  recording = null;
  press(false);
  say(dataset.hearing);
  const address = `${trying.dataset.hear}?${new URLSearchParams({ line: byId("try-line").value, rate })}`;
  await busily(trying, async () => show(await ask(address, samples, "application/octet-stream")));
  say("");
}

function say(text) {
  byId("speaking").textContent = text;
}

// -- what a change would do, before it is saved

const step = byId("step");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-step]")) return;
  event.preventDefault();
  busily(form, async () => {
    const html = await ask(form.action, fieldsOf(form, event.submitter));
    if (html === null) return;
    step.innerHTML = html;
    if (!step.open) step.showModal();
    step.scrollTop = 0;
    const next = step.querySelector("[autofocus], textarea") ?? step.querySelector("button, a");
    const inSight = step.scrollHeight <= step.clientHeight; // else it is read from the top first
    (inSight ? next : byId("step-title"))?.focus({ preventScroll: true });
  });
});

step?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  step.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-enter]")) return;
  event.preventDefault(); // a sentence has one line
  event.target.form.requestSubmit();
});

for (const form of document.querySelectorAll("[data-filter]")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.submit());
}

// What was just done is told once, not again when the page is loaded again.
const here = new URL(location);
for (const told of ["saved", "told"]) here.searchParams.delete(told);
history.replaceState(null, "", here);
document.querySelector("[data-focus]")?.focus({ preventScroll: true });
