// Sends what the agent does. What is to be kept waits in this browser until it is taken, whatever the network does.

import { dropDraft } from "./drafts.js";
import { freshToken, logInAgain, token } from "./login.js";

const { dataset } = document.body;
const QUEUE = `desk.queue.${dataset.agent}`;
const AGAIN = 5000; // ms
const NOT_NOW = [502, 503, 504];

/** What came of it: {done, text}; `done` is undefined when it waits for a connection, `unheard` says that nobody took it in. */
export async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter)).toString();
  const answer = await post(form.action, body);
  if (answer.later && form.dataset.queues !== undefined) {
    putOff({ action: form.action, body, draft: form.dataset.draft });
    return { text: dataset.savedLater };
  }
  return answer.later ? { done: false, text: answer.text || dataset.failed, unheard: true } : answer;
}

/** What is at an address; the agent logs in again for it if need be. */
export async function get(address) {
  const answer = await fetch(address);
  return answer.status === 401 ? logInAgain().then(() => get(address)) : answer;
}

/** {done, text}, or {later} when nobody took it in. The agent logs in again for it if need be. */
export async function post(action, body) {
  for (let turn = 0; turn < 3; turn += 1) {
    const headers = { "X-CSRFToken": token(), "Content-Type": "application/x-www-form-urlencoded" };
    let answer;
    try {
      answer = await fetch(action, { method: "POST", body, headers });
    } catch {
      return { later: true };
    }
    const text = await answer.text();
    if (answer.ok) return { done: true, text };
    if (answer.status === 401) await logInAgain();
    else if (answer.status !== 400 || turn) return refusal(answer.status, text);
    else if (!(await freshToken().catch(() => false))) await logInAgain();
  }
  return { later: true };
}

function refusal(status, text) {
  if (NOT_NOW.includes(status)) return { later: true, text };
  return { done: false, text: status < 500 && text ? text : dataset.failed };
}

// -- what waits for a connection

function queue() {
  return JSON.parse(localStorage.getItem(QUEUE) ?? "null")?.posts ?? [];
}

function keep(posts) {
  if (posts.length) localStorage.setItem(QUEUE, JSON.stringify({ at: Date.now(), posts }));
  else localStorage.removeItem(QUEUE);
  tell();
}

function putOff(one) {
  keep([...queue().filter(({ draft }) => draft !== one.draft), one]);
}

let busy = false;

/** Sends what waits, in order; stops at the first that cannot be sent yet. */
export async function sendQueue() {
  if (busy || !queue().length) return;
  busy = true;
  try {
    for (const one of queue()) {
      const { done, later, text } = await post(one.action, one.body);
      if (later) return;
      keep(queue().filter(({ draft }) => draft !== one.draft));
      if (done) dropDraft(one.draft);
      document.dispatchEvent(new CustomEvent("sent-later", { detail: { draft: one.draft, done, text } }));
    }
  } finally {
    busy = false;
  }
}

/** Whether something waits to be sent. */
export function waits() {
  return queue().length > 0;
}

/** Forgets what waits. */
export function dropQueue() {
  keep([]);
}

function tell() {
  document.getElementById("waits").hidden = !waits();
}

tell();
setInterval(sendQueue, AGAIN);
addEventListener("online", sendQueue);
document.addEventListener("logged-in", sendQueue);
