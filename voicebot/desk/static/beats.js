// Tells the server that this desk is there, and when it goes.

import { logInAgain, token } from "./login.js";

const { dataset } = document.body;
const worker = new Worker(new URL("beats-worker.js", import.meta.url));

function start() {
  worker.postMessage({ address: new URL(dataset.beat, location).href, token: token(), every: Number(dataset.every) * 1000 });
}

worker.onmessage = () => logInAgain(); // it was told that nobody is logged in
document.addEventListener("logged-in", start);
addEventListener("pageshow", start); // the page may come back as it was left
addEventListener("pagehide", () => {
  worker.postMessage(null);
  navigator.sendBeacon(dataset.leave, new URLSearchParams({ csrf_token: token() }));
});
