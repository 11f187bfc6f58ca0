// Logging in again in place when a login has ended, without losing what is on the page.

const byId = (id) => document.getElementById(id);
const dialog = byId("login-again");
const { dataset } = document.body;
let waiting = null; // resolved once the agent is logged in again

/** The forgery token of this login. */
export function token() {
  return document.querySelector("meta[name=csrf-token]").content;
}

/** Asks the agent to log in again, unless that is being asked already; resolves when they have. */
export function logInAgain() {
  waiting ??= new Promise((resolve) => {
    const close = (event) => event.preventDefault(); // Escape leads nowhere
    dialog.addEventListener("cancel", close);
    dialog.showModal();
    (byId("again-password") ?? dialog.querySelector("a")).focus();
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("cancel", close);
      waiting = null;
      resolve();
    }, { once: true });
  });
  return waiting;
}

/** Takes the token of the login that there is now: somebody logged in anew in another tab. False when nobody is. */
export async function freshToken() {
  const answer = await fetch(dataset.home);
  const html = await answer.text();
  if (answer.redirected || parsed(html).body.dataset.agent !== dataset.agent) return false;
  learn(tokenIn(html));
  return true;
}

/** Whoever logged in elsewhere meanwhile, for instance in another tab with the account of the company, goes on here. */
addEventListener("focus", () => {
  if (dialog.open) freshToken().then((done) => done && dialog.close(), () => {});
});

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const wrong = byId("again-wrong");
  wrong.hidden = true;
  try {
    const told = await logIn(form);
    if (told) throw new Error(told);
    form.reset();
    dialog.close();
  } catch (error) {
    wrong.textContent = error instanceof TypeError ? dataset.failed : error.message;
    wrong.hidden = false;
    byId("again-password").select();
  }
});

/** Null when logged in, else why not. */
async function logIn(form) {
  const page = await (await fetch(form.action)).text();
  const fields = new URLSearchParams(new FormData(form));
  const headers = { "X-CSRFToken": tokenIn(page) };
  const answer = await fetch(form.action, { method: "POST", body: fields, headers });
  if (!answer.ok) return (answer.status < 500 && (await answer.text())) || dataset.failed;
  learn(answer.headers.get("X-CSRFToken"));
  return null;
}

/** Goes on with the token of the login that there is now. */
function learn(token) {
  document.querySelector("meta[name=csrf-token]").content = token;
  document.dispatchEvent(new Event("logged-in"));
}

function tokenIn(html) {
  return parsed(html).querySelector("meta[name=csrf-token]")?.content ?? "";
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}
