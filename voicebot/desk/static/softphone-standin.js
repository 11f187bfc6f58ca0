// The agent's line on the local stand-in for Twilio, as softphone.js wants a line to be.

// The stand-in's states of a line, in the words that softphone.js knows.
const STATES = {
  offline: "connecting",
  idle: "ready",
  calling: "talking",
  ringing: "ringing",
  connected: "talking",
  ending: "ready",
};
// Of its microphone: what keeps a customer from hearing the agent.
const FAULTS = {
  missing: "missing",
  busy: "busy",
  lost: "lost",
  refused: "broken",
  failed: "broken",
  silent: "broken",
};
const AGAIN = 3000; // ms until the stand-in's script is asked for once more

/** See softphone.js for what a line does. */
export class StandInLine extends EventTarget {
  state = "offline";
  reason = "";

  #origin;
  #agent;
  #line = null;
  #devices;
  #wanted = false;

  constructor({ origin }, agent, devices) {
    super();
    this.#origin = origin;
    this.#agent = agent;
    this.#devices = devices;
  }

  start() {
    this.#wanted = true;
    this.#become("connecting");
    this.#load().catch(() => setTimeout(() => this.#wanted && !this.#line && this.start(), AGAIN));
  }

  stop() {
    this.#wanted = false;
    this.#line?.close();
    this.#line = null;
    this.#become("offline");
  }

  tick() {}

  answer() {
    this.#line?.answer();
  }

  decline() {
    this.#line?.decline();
  }

  hangup() {
    this.#line?.hangup();
  }

  mute(on) {
    if (this.#line) this.#line.mute = on;
  }

  sendDigits(keys) {
    this.#line?.press(keys);
  }

  use(devices) {
    this.#devices = devices;
    this.#line?.use(devices);
  }

  async #load() {
    const { Line } = await import(`${this.#origin}/pages/line.js`);
    if (!this.#wanted || this.#line) return;
    const url = `${this.#origin.replace(/^http/, "ws")}/line/${encodeURIComponent(this.#agent)}`;
    const line = (this.#line = new Line(url, { bell: false }));
    line.use(this.#devices);
    line.addEventListener("state", ({ detail }) => line === this.#line && this.#become(STATES[detail.state]));
    line.addEventListener("microphone", ({ detail }) => this.#hears(detail.state));
    line.addEventListener("level", ({ detail }) => this.#emit("level", detail));
    line.connect();
  }

  #hears(state) {
    const fault = FAULTS[state];
    for (const name of new Set(Object.values(FAULTS))) this.#emit("warning", { name, on: name === fault });
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#emit("state", { state, reason: "" });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
