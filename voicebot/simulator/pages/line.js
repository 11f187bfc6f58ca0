// A telephone line in the browser, on the local Twilio stand-in: for the caller's telephone and the agent's desk.
//
//   const line = new Line("ws://localhost:8081/line/anna");
//   line.addEventListener("ringing", ({ detail }) => …);      // detail: {sid, from, parameters}
//   line.connect();
//
// Events, with the stand-in's message as `detail`: ready, ringing, answered, clear, timeline, ended; and the line's own:
// state {state}, microphone {state}: see `microphoneWords`, level {level}: the microphone's loudness, 0 to 1.

import { Sound } from "./sound.js";

export { microphoneWords, stillWords } from "./sound.js";

const WAIT_FOR_END = 3000; // ms that the stand-in has to confirm the end of a call
const LONGEST_PAUSE = 8000; // ms between attempts to reach the stand-in
const SILENCE = new Uint8Array(160).fill(0xff); // 20 ms of mu-law

export class Line extends EventTarget {
  /** No sound leaves while this is true. */
  mute = false;
  /** "offline", "idle", "calling", "ringing", "connected" or "ending". */
  state = "offline";

  #url;
  #socket = null;
  #pause = 500;
  #lastWord = 0;
  #attempt = null;
  #bell;
  #sound = new Sound(
    (frame, level) => this.#speak(frame, level),
    (state) => this.#emit("microphone", { state }),
  );

  /** `bell`: whether the line rings by itself. */
  constructor(url, { bell = true } = {}) {
    super();
    this.#url = url;
    this.#bell = bell;
  }

  /** The microphone and the loudspeaker of this and later calls, by their ids; empty for the usual ones. */
  use(devices) {
    this.#sound.use(devices);
  }

  /** Reaches the stand-in, now and whenever the connection is lost. */
  connect() {
    const socket = (this.#socket = new WebSocket(this.#url));
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#over({ event: "ended", reason: "connection" });
      this.#become("offline");
      setTimeout(() => socket === this.#socket && this.connect(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    };
  }

  /** Gives the line up. */
  close() {
    const socket = this.#socket;
    this.hangup();
    this.#socket = null;
    socket?.close();
    this.#become("offline");
  }

  /** Calls `to` as `from`: E.164, or "anonymous" for a number that is withheld. */
  async call(to, from) {
    if (this.state !== "idle") return;
    const attempt = (this.#attempt = {});
    this.#become("calling");
    await this.#sound.start(); // first, so that the greeting is not missed over the browser's question
    if (this.state === "calling" && attempt === this.#attempt) this.#send({ event: "call", to, from });
  }

  /** Takes the call that rings. */
  answer() {
    if (this.state !== "ringing") return;
    this.#sound.quiet();
    this.#sound.start();
    this.#send({ event: "answer" });
  }

  /** Refuses the call that rings. */
  decline() {
    if (this.state === "ringing") this.#leave({ event: "decline" });
  }

  /** Ends the call, or the attempt. */
  hangup() {
    if (this.state === "calling" || this.state === "connected") this.#leave({ event: "hangup" });
  }

  /** Has the stand-in say `text` into the call with a synthetic voice ("nl" or "en"). */
  type(text, language) {
    this.#send({ event: "type", text, language });
  }

  /** Presses keys during the call: 0-9, * and #. */
  press(digits) {
    this.#send({ event: "digits", digits });
  }

  #leave(message) {
    this.#send(message);
    this.#sound.quiet();
    this.#sound.stop();
    this.#become("ending"); // until the stand-in says so too: its word must not end the next call
    this.#lastWord = setTimeout(() => this.#over({ event: "ended", reason: "hangup" }), WAIT_FOR_END);
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #speak(frame, level) {
    const bytes = this.mute ? SILENCE : frame;
    if (this.state === "connected") {
      this.#send({ event: "media", payload: btoa(String.fromCharCode(...bytes)) });
    }
    this.#emit("level", { level: this.mute ? 0 : level });
  }

  #hear(message) {
    if (message.event === "media") return this.#sound.play(bytesOf(message.payload));
    if (message.event === "ended") return this.#over(message);
    if (message.event === "ringing" && this.state !== "idle") return; // engaged
    this.#react(message.event);
    this.#emit(message.event, message);
  }

  #react(event) {
    if (event === "ready") {
      this.#pause = 500;
      this.#become("idle");
    } else if (event === "ringing") {
      if (this.#bell) this.#sound.ring();
      this.#become("ringing");
    } else if (event === "answered" && this.state !== "ending") {
      this.mute = false;
      this.#become("connected");
    } else if (event === "clear") {
      this.#sound.clear();
    }
  }

  #over(message) {
    clearTimeout(this.#lastWord);
    if (this.state === "idle" || this.state === "offline") return; // told already
    this.#sound.quiet();
    this.#sound.stop();
    const here = this.state === "ending"; // this side ended it, whatever the stand-in calls that
    this.#become("idle");
    this.#emit("ended", here ? { ...message, reason: "hangup" } : message);
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#emit("state", { state });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
