// The agent's line on Twilio's Voice SDK, as softphone.js wants a line to be.

import { VOICE } from "./softphone-sound.js";

const RENEWED_BEFORE = 300_000; // ms before a token ends: time for several attempts
const PATIENCE = 20_000; // ms without a registration until the agent is told that calls do not arrive
const ANEW = 30_000; // ms without one until the device is built anew: it can hang in `registering` for ever
const PAUSES = [1000, 2000, 4000, 8000, 15_000, 30_000]; // ms between attempts to get a token
const TOLD_AFTER = 2; // failed attempts
const ANSWERS_WITHIN = 10_000; // ms, our server

// Twilio's codes of errors: www.twilio.com/docs/api/errors
const TOKEN_REFUSED = [20101, 20104, 20151, 31201, 31202, 31203, 31204, 31205, 31207];
const MICROPHONE_REFUSED = 31401;
const NO_MEDIA = [53400, 53402, 53405];

// Its names of what goes wrong in a call, in those of softphone.js.
const WARNINGS = {
  "high-rtt": "delay",
  "high-jitter": "jitter",
  "high-packet-loss": "loss",
  "high-packets-lost-fraction": "loss",
  "low-mos": "quality",
  "low-bytes-received": "nothing",
  "low-bytes-sent": "quality",
  "ice-connectivity-lost": "reconnecting",
};
// No sounds of Twilio's own: we ring ourselves, and nothing is fetched from elsewhere.
const SOUNDS = ["disconnect", "incoming", "outgoing", ...[..."0123456789hs"].map((key) => `dtmf${key}`)];

/** See softphone.js for what a line does. */
export class TwilioLine extends EventTarget {
  state = "offline";
  reason = "";

  #config;
  #devices;
  #device = null;
  #call = null;
  #run = null; // what an earlier start still does is void
  #pass = null; // the token: {token, since, until} in ms since 1970
  #renewing = false;
  #lost = 0; // since when there is no registration
  #built = 0;

  constructor(config, _agent, devices) {
    super();
    this.#config = config;
    this.#devices = devices;
  }

  start() {
    const run = (this.#run = {});
    this.#become("connecting");
    this.#open(run).catch((error) => run === this.#run && this.#fail(error.reason ?? "script"));
  }

  stop() {
    this.#close();
    this.#become("offline");
  }

  tick(now) {
    if (!this.#device || this.#call || this.#device.state === "registered") return;
    if (now - this.#lost > PATIENCE) this.#become("failed", "network");
    if (now - this.#built > ANEW) this.#build(this.#run);
  }

  /** The microphone is set and not asked for: else the SDK goes to the default one when any device comes or goes. */
  async answer() {
    const [call, device] = [this.#call, this.#device];
    if (!call) return;
    if (this.#devices.microphone) await this.#hear();
    call.accept({ rtcConstraints: { audio: VOICE } });
    if (call !== this.#call) device.audio?.unsetInputDevice().catch(() => {}); // the caller left meanwhile
  }

  decline() {
    this.#call?.reject();
  }

  hangup() {
    this.#call?.disconnect();
  }

  mute(on) {
    this.#call?.mute(on);
  }

  sendDigits(keys) {
    this.#call?.sendDigits(keys);
  }

  use(devices) {
    const other = devices.microphone !== this.#devices.microphone;
    this.#devices = devices;
    this.#lead();
    if (other && this.state === "talking") this.#hear();
  }

  // -- the token

  async #open(run) {
    await loaded(this.#config);
    if (!window.Twilio.Device.isSupported) throw new Refused("unsupported");
    await this.#renewed(run, () => this.#become("failed", "server"));
    if (run === this.#run) this.#build(run);
  }

  /** A fresh token, however long it takes; `trouble` is told when it takes long. */
  async #renewed(run, trouble) {
    for (let failures = 0; run === this.#run; failures++) {
      try {
        this.#pass = await this.#fetched();
        return;
      } catch (error) {
        if (error instanceof Refused) throw error;
        if (failures === TOLD_AFTER) trouble();
        await new Promise((end) => setTimeout(end, PAUSES[Math.min(failures, PAUSES.length - 1)]));
      }
    }
  }

  async #fetched() {
    const csrf = document.querySelector("meta[name=csrf-token]").content;
    const signal = AbortSignal.timeout(ANSWERS_WITHIN);
    const answer = await fetch(this.#config.token, { method: "POST", headers: { "X-CSRFToken": csrf }, signal });
    if (answer.status === 401) location.reload();
    const told = await answer.json(); // an answer of something between us and our server is no JSON: once more
    if (told.reason) throw new Refused(told.reason);
    return { token: told.token, since: Date.now(), until: Date.now() + told.lasts * 1000 };
  }

  async #renew() {
    if (this.#renewing) return;
    this.#renewing = true;
    const run = this.#run;
    const { until } = this.#pass;
    try {
      await this.#renewed(run, () => this.#warn("renewal", true, { until }));
      if (run !== this.#run) return;
      this.#warn("renewal", false);
      if (this.#device.state === "registered") this.#device.updateToken(this.#pass.token);
      else if (!this.#call) this.#build(run);
    } catch (error) {
      if (run === this.#run) this.#fail(error.reason ?? "token");
    } finally {
      this.#renewing = false;
    }
  }

  // -- the registration

  #build(run) {
    this.#device?.destroy();
    this.#built = Date.now();
    this.#lost ||= Date.now();
    const { edge, quiet } = this.#config;
    const device = (this.#device = new window.Twilio.Device(this.#pass.token, {
      ...(edge ? { edge } : {}),
      codecPreferences: ["opus", "pcmu"],
      sounds: Object.fromEntries(SOUNDS.map((name) => [name, new URL(quiet, location.href).href])),
      tokenRefreshMs: RENEWED_BEFORE,
    }));
    const now = () => run === this.#run && device === this.#device;
    const listen = (name, act) => device.on(name, (...told) => now() && act(...told));
    for (const name of ["incoming", "outgoing", "disconnect"]) device.audio[name](false);
    listen("registered", () => this.#registered());
    listen("unregistered", () => this.#unregistered());
    listen("tokenWillExpire", () => this.#renew());
    listen("error", (error) => this.#wrong(error));
    listen("incoming", (call) => this.#rung(call));
    device.audio.on("deviceChange", () => this.#lead());
    device.register().catch(() => {}); // `tick` sees to it
    this.#lead();
  }

  #registered() {
    this.#lost = 0;
    if (!this.#call) this.#become("ready");
  }

  #unregistered() {
    this.#lost ||= Date.now();
    if (!this.#call) this.#become("connecting");
  }

  #wrong({ code }) {
    if (!TOKEN_REFUSED.includes(code)) return; // the SDK goes on trying, and `tick` looks whether it gets there
    if (Date.now() - this.#pass.since < PATIENCE) this.#fail("token");
    else this.#renew();
  }

  /** Twilio is not to ring a browser that cannot take the call. */
  #fail(reason) {
    this.#close();
    this.#become("failed", reason);
  }

  #close() {
    this.#run = null;
    this.#call?.disconnect();
    this.#call = null;
    this.#device?.destroy();
    this.#device = null;
    this.#lost = 0;
    this.#warn("renewal", false);
  }

  /** The chosen microphone; when it is gone another is used, which is told. */
  #hear() {
    return this.#device.audio.setInputDevice(this.#devices.microphone || "default").catch(() => {});
  }

  /** The loudspeaker of calls; one that is gone makes way for the default one. */
  #lead() {
    const speakers = this.#device?.audio.speakerDevices;
    speakers?.set(this.#devices.speaker || "default").catch(() => {});
  }

  // -- the call

  #rung(call) {
    if (this.#call) return call.ignore();
    this.#call = call;
    const listen = (name, act) => call.on(name, (...told) => call === this.#call && act(...told));
    listen("accept", () => this.#become("talking"));
    for (const name of ["disconnect", "cancel", "reject"]) listen(name, () => this.#over());
    listen("transportClose", () => this.state === "ringing" && this.#over());
    listen("error", (error) => this.#broken(error));
    listen("volume", (level) => this.#emit("level", { level }));
    listen("reconnecting", () => this.#warn("reconnecting", true));
    listen("reconnected", () => this.#warn("reconnecting", false));
    listen("warning", (name) => WARNINGS[name] && this.#warn(WARNINGS[name], true));
    listen("warning-cleared", (name) => WARNINGS[name] && this.#warn(WARNINGS[name], false));
    this.#lead();
    this.#become("ringing");
  }

  #broken({ code }) {
    if (code === MICROPHONE_REFUSED) return this.#fail("refused");
    if (NO_MEDIA.includes(code)) return this.#fail("media");
    if (this.state === "ringing") this.#warn("call", true);
    if (this.#call?.status() === "closed") this.#over();
  }

  #over() {
    this.#call = null;
    for (const name of new Set(Object.values(WARNINGS))) this.#warn(name, false);
    this.#device.audio.unsetInputDevice().catch(() => {}); // else the microphone stays open
    this.#become(this.#device.state === "registered" ? "ready" : "connecting");
  }

  #become(state, reason = "") {
    if (state === this.state && reason === this.reason) return;
    Object.assign(this, { state, reason });
    this.#emit("state", { state, reason });
  }

  #warn(name, on, values = {}) {
    this.#emit("warning", { name, on, values });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Our server, or Twilio, will not: `reason` as in softphone.js. */
class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

let loading = null;

/** Twilio's script, once; the browser refuses any other than the pinned one. */
function loaded({ script, integrity }) {
  loading ??= new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: script, integrity });
    element.crossOrigin = "anonymous";
    element.onload = resolve;
    element.onerror = () => {
      loading = null;
      element.remove();
      reject(new Refused("script"));
    };
    document.head.append(element);
  });
  return loading;
}
