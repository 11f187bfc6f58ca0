// The agent's telephone in the browser: which line it has, whether that works, and what the agent is told of it.
//
// A line is a StandInLine (softphone-standin.js) or a TwilioLine (softphone-twilio.js), both alike:
//   state      offline, connecting, ready, ringing, talking or failed; `reason` says why it failed
//   start()    reaches the exchange and stays reachable; stop() ends that
//   tick(now)  comes each second, by a clock that is not slowed down in hidden tabs
//   answer(), decline(), hangup(), mute(on), sendDigits(keys), use({microphone, speaker}) by their ids
// Its events: state {state, reason}; warning {name, on, values}; level {level}, the microphone's loudness, 0 to 1.
// The bell, the list of devices and their test are the same for both: softphone-sound.js.

import { Awake } from "./softphone-awake.js";
import { Sounds } from "./softphone-sound.js";
import { StandInLine } from "./softphone-standin.js";
import { OneTab } from "./softphone-tab.js";
import { TwilioLine } from "./softphone-twilio.js";
import { View } from "./softphone-view.js";

const CHOICE_LASTS = 5000; // ms: the bot says that it connects, then the line rings
const SILENT_AFTER = 10_000; // ms without any sound from the microphone during a call
const NO_SOUND = 0.001; // what a microphone that is muted in hardware gives is less
const IN_CALL = ["ringing", "talking"];
const OF_CALL = ["silent", "muted", "broken"]; // warnings that are over when the call is
const LOOKS = 700; // ms between looks at a line that another tab has

/** Opens the agent's line. What desk.js does with it: answer, decline, hangup, talks, and tell after each change. */
export function openLine({ softphone, agent }) {
  const phone = new Softphone(JSON.parse(softphone), agent);
  phone.open();
  return phone;
}

class Softphone {
  #config;
  #view;
  #line = null;
  #tab;
  #sounds = new Sounds();
  #awake = new Awake();
  #chosen = { act: "", at: 0 }; // what the agent chose before the line rang
  #muted = false;
  #heard = 0; // when the microphone last gave any sound
  #warnings = new Map(); // name: values of its text
  #elsewhere = "connecting"; // while another tab has the line: elsewhere, or busy
  #looking = false;
  #notice = null;
  #testing = false;
  #stale = false; // the tab slept since the line was opened

  constructor(config, agent) {
    this.#config = config;
    this.#tab = new OneTab(agent);
    this.#view = new View((act, value) => this.#acts[act](value));
    const Line = config.kind === "standin" ? StandInLine : TwilioLine;
    this.#line = new Line(config, agent, this.#sounds.chosen);
  }

  /** Begins, as far as this browser and this server can. */
  open() {
    if (!this.#impossible) {
      this.#line.addEventListener("state", ({ detail }) => this.#changed(detail.state));
      this.#line.addEventListener("warning", ({ detail }) => this.#warn(detail.name, detail.on, detail.values));
      this.#line.addEventListener("level", ({ detail }) => this.#hear(detail.level));
      this.#tab.addEventListener("change", () => this.#settle());
      this.#tab.addEventListener("act", ({ detail }) => this[detail]());
      this.#sounds.addEventListener("change", () => this.#settle());
      this.#awake.addEventListener("tick", ({ detail }) => this.#tick(detail.now));
      this.#awake.addEventListener("slept", ({ detail }) => this.#slept(detail));
      this.#sounds.watch();
      for (const press of ["click", "keydown"]) {
        document.addEventListener(press, () => this.#warnings.has("sound") && this.#listen());
      }
      this.#listen();
    }
    this.#settle();
  }

  // -- what desk.js asks for

  /** The offer may come before the line rings: what is chosen on this page that early is done when it does. */
  answer() {
    this.#choose("answer");
  }

  decline() {
    this.#choose("decline");
  }

  hangup() {
    if (this.#tab.has) this.#line.hangup();
    else this.#tab.pass("hangup");
  }

  talks() {
    return this.#line.state === "talking";
  }

  /** The page was changed: what of it is ours is written again. */
  tell() {
    this.#settle();
  }

  // -- whether the line can work

  /** Why no line is possible here, whatever the agent does; empty when it is. */
  get #impossible() {
    if (this.#config.lacks) return this.#config.lacks;
    if (!isSecureContext) return "insecure";
    const { mediaDevices, locks } = navigator;
    const needed = [mediaDevices?.getUserMedia, locks, window.RTCPeerConnection, window.AudioWorklet];
    return needed.every(Boolean) ? "" : "unsupported";
  }

  /** Why the line is not to be opened at this moment; empty when it is. */
  get #obstacle() {
    if (this.#impossible) return this.#impossible;
    if (!this.#tab.has) return this.#elsewhere;
    const { microphone } = this.#sounds;
    if (microphone === "unknown") return "connecting";
    if (microphone === "denied") return "refused";
    // Twilio's script cannot take a call without a microphone; the stand-in's line can, for a look at the demo.
    return microphone === "missing" && this.#config.kind === "twilio" ? "missing" : "";
  }

  get #fault() {
    return this.#obstacle || (this.#line.state === "failed" ? this.#line.reason : "");
  }

  /** Starts or stops the line, as it should be by now, and writes down how it is. */
  #settle() {
    if (!this.#impossible) this.#run(this.#view.phone === "browser");
    this.#paint();
  }

  #run(wanted) {
    if (wanted) this.#tab.want();
    if (wanted && !this.#tab.has) this.#lookElsewhere();
    const runs = this.#line.state !== "offline";
    if (wanted && !this.#obstacle) {
      this.#awake.start();
      if (!runs) this.#line.start();
      return;
    }
    if (IN_CALL.includes(this.#line.state)) return; // until it is over
    if (runs) this.#line.stop();
    this.#awake.stop();
    if (!wanted) this.#tab.give();
  }

  /** Looks until the line is here. A tab that is closed, or loaded again, takes a moment to give it up. */
  async #lookElsewhere() {
    if (this.#looking) return;
    this.#looking = true;
    while (this.#view.phone === "browser" && !this.#tab.has) {
      await new Promise((end) => setTimeout(end, LOOKS));
      this.#elsewhere = (await this.#tab.inCall()) ? "busy" : "elsewhere";
      this.#paint();
    }
    this.#looking = false;
    this.#elsewhere = "connecting";
  }

  // -- what happens on the line

  #changed(state) {
    const inCall = IN_CALL.includes(state);
    this.#tab.call(inCall);
    if (state === "ringing") this.#warnings.delete("call");
    if (state === "ringing") this.#ring();
    else this.#quiet();
    if (state === "talking") this.#heard = Date.now();
    if (!inCall) this.#afterCall();
    this.#renew();
    this.#settle();
  }

  #ring() {
    const accepted = this.#chosen.act === "answer" && document.querySelector("#call .state.accepted");
    const chose = accepted || (this.#chosen.act && Date.now() - this.#chosen.at < CHOICE_LASTS);
    const { act } = this.#chosen;
    this.#chosen = { act: "", at: 0 };
    if (chose) return this.#line[act]();
    this.#sounds.ring();
    this.#notice = this.#view.notify();
  }

  #quiet() {
    if (!this.#testing) this.#sounds.quiet();
    this.#notice?.close();
    this.#notice = null;
  }

  #choose(act) {
    const rings = this.#line.state === "ringing";
    this.#chosen = { act: rings ? "" : act, at: Date.now() };
    if (!this.#tab.has) this.#tab.pass(act);
    if (!rings) return;
    this.#quiet();
    this.#line[act]();
  }

  #afterCall() {
    this.#muted = false;
    for (const name of OF_CALL) this.#warnings.delete(name);
  }

  #hear(level) {
    if (level > NO_SOUND) this.#heard = Date.now();
  }

  #tick(now) {
    this.#line.tick(now);
    if (this.talks()) this.#warn("silent", !this.#muted && now - this.#heard > SILENT_AFTER);
  }

  /** What was registered before may be dead without knowing it: the line is opened anew, after the call if need be. */
  #slept({ from, to }) {
    this.#warn("slept", true, { from, to });
    this.#stale = true;
    this.#renew();
    this.#settle();
  }

  #renew() {
    if (!this.#stale || IN_CALL.includes(this.#line.state)) return;
    this.#stale = false;
    this.#line.stop();
  }

  // -- what the agent is told and does

  async #listen() {
    this.#warn("sound", !(await this.#sounds.audible()));
  }

  #warn(name, on, values = {}) {
    if (on === this.#warnings.has(name)) return;
    if (on) this.#warnings.set(name, values);
    else this.#warnings.delete(name);
    this.#paint();
  }

  #paint() {
    const wanted = this.#view.phone === "browser";
    const { state } = this.#line;
    const fault = wanted ? this.#fault : "";
    const failed = fault && !this.talks();
    this.#view.line({ state: fault === "connecting" ? fault : failed ? "failed" : state, fault });
    this.#view.call({ talking: state === "talking", muted: this.#muted });
    this.#view.devices(this.#sounds);
    this.#view.warnings(wanted ? this.#shown() : new Map());
  }

  /** The warnings, those of the devices among them. */
  #shown() {
    const shown = new Map(this.#warnings);
    if (!this.#tab.has) shown.delete("sound");
    const { microphone, replaced } = this.#sounds;
    if (this.#tab.has && microphone === "prompt") shown.set("ask", {});
    if (this.#tab.has && microphone === "missing" && !this.#fault) shown.set("missing", {});
    if (this.#tab.has && replaced) shown.set("other", {});
    return shown;
  }

  #acts = {
    retry: async () => {
      if (this.#impossible) return location.reload();
      await this.#sounds.allow();
      if (!IN_CALL.includes(this.#line.state)) this.#line.stop();
      this.#settle();
    },
    here: async () => {
      if (!(await this.#tab.inCall())) this.#tab.take();
    },
    allow: () => this.#sounds.allow(),
    understood: (name) => this.#warn(name, false),
    mute: () => {
      this.#muted = !this.#muted;
      this.#heard = Date.now();
      this.#line.mute(this.#muted);
      this.#warn("muted", this.#muted);
      this.#warn("silent", false);
    },
    key: (key) => this.#line.sendDigits(key),
    choose: ({ what, id }) => {
      this.#sounds.choose(what, id);
      this.#line.use(this.#sounds.chosen);
    },
    test: async (level) => {
      this.#testing = true;
      try {
        return await this.#sounds.test(level);
      } finally {
        this.#testing = false;
      }
    },
  };
}
