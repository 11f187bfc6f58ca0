// Microphone, loudspeakers and the bell: which there are, which the agent chose, and whether they work.

const KEPT = "softphone-devices"; // in localStorage: the choice holds for this browser
const RING = { tones: [440, 480], on: 1, every: 3, volume: 0.3 }; // Hz, seconds
const TONE = { tones: [660], on: 0.8, every: 0.8, volume: 0.2 };
const LISTENS = 6000; // ms that a test listens to the microphone
/** How a microphone is to be opened. */
export const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const AUDIBLE = 0.01; // loudness of a voice, at least

/** Event: change, when devices came or went, or may be used now. */
export class Sounds extends EventTarget {
  /** Ids of devices: {microphone, speaker, ringer}; empty for the computer's default. */
  chosen = { microphone: "", speaker: "", ringer: "", ...kept() };

  #devices = null; // not looked at yet
  #bell = null;
  #permission = "prompt";

  /** Looks at what there is, now and whenever it changes. */
  async watch() {
    navigator.mediaDevices.addEventListener("devicechange", () => this.#look());
    try {
      const status = await navigator.permissions.query({ name: "microphone" });
      status.onchange = () => this.#allowed(status.state);
      this.#permission = status.state;
    } catch {
      // this browser does not tell: devices without names are those that may not be used yet
    }
    await this.#look();
  }

  /** {microphones, speakers} as [{id, label}]; labels are empty before the microphone may be used. */
  devices() {
    const usable = (this.#devices ?? []).filter(({ deviceId }) => deviceId && deviceId !== "default");
    const of = (kind) => usable.filter((one) => one.kind === kind);
    const shown = (kind) => of(kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
    return { microphones: shown("audioinput"), speakers: shown("audiooutput") };
  }

  /** Whether the microphone may be used: granted, prompt or denied; or missing; or unknown at first. */
  get microphone() {
    if (!this.#devices) return "unknown";
    const there = this.#devices.filter(({ kind }) => kind === "audioinput");
    if (this.#permission === "denied") return "denied";
    if (!there.length) return "missing";
    return there.some(({ label }) => label) ? "granted" : this.#permission;
  }

  /** Whether the chosen microphone is not there. */
  get replaced() {
    const { microphones } = this.devices();
    const named = this.microphone === "granted" && this.chosen.microphone;
    return Boolean(named) && !microphones.some(({ id }) => id === this.chosen.microphone);
  }

  /** Whether a loudspeaker can be chosen in this browser. */
  get choosable() {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  /** Keeps the agent's choice. `what`: microphone, speaker or ringer. */
  choose(what, id) {
    this.chosen = { ...this.chosen, [what]: id };
    localStorage.setItem(KEPT, JSON.stringify(this.chosen));
    this.dispatchEvent(new Event("change"));
  }

  /** Asks for the microphone. */
  async allow() {
    try {
      close(await navigator.mediaDevices.getUserMedia({ audio: true }));
      this.#permission = "granted";
    } catch (error) {
      if (error.name === "NotAllowedError") this.#permission = "denied";
    }
    await this.#look();
  }

  /** Rings on the chosen loudspeaker until `quiet`. */
  ring() {
    this.quiet();
    this.#bell = new Player(this.chosen.ringer, RING, 60);
  }

  /** Stops the bell. */
  quiet() {
    this.#bell?.stop();
    this.#bell = null;
  }

  /** Whether the browser would let the bell be heard: it wants a click on the page first. */
  async audible() {
    const context = new AudioContext();
    await Promise.race([context.resume(), new Promise((end) => setTimeout(end, 200))]);
    const running = context.state === "running";
    context.close();
    return running;
  }

  /** Plays a tone and the bell, and listens: true when the microphone hears something. `level` is told 0 to 1. */
  async test(level) {
    const tone = new Player(this.chosen.speaker, TONE, TONE.every);
    const bell = setTimeout(() => this.ring(), 1000 * (TONE.every + 0.2));
    const end = setTimeout(() => this.quiet(), 1000 * (TONE.every + RING.on + 0.3));
    try {
      return (await loudest(this.chosen.microphone, level)) > AUDIBLE;
    } finally {
      clearTimeout(bell);
      clearTimeout(end);
      tone.stop();
      this.quiet();
      await this.#look();
    }
  }

  #allowed(state) {
    this.#permission = state;
    this.#look();
  }

  async #look() {
    this.#devices = await navigator.mediaDevices.enumerateDevices();
    this.dispatchEvent(new Event("change"));
  }
}

/** Plays tones through one loudspeaker. An element plays them: more browsers let it choose than sound contexts. */
class Player {
  #context = new AudioContext();
  #element = new Audio();

  constructor(speaker, { tones, on, every, volume }, seconds) {
    const gain = new GainNode(this.#context, { gain: 0 });
    const out = new MediaStreamAudioDestinationNode(this.#context);
    gain.connect(out);
    for (const frequency of tones) {
      const tone = new OscillatorNode(this.#context, { frequency });
      tone.connect(gain);
      tone.start();
    }
    for (let second = 0; second < seconds; second += every) {
      gain.gain.setTargetAtTime(volume, second, 0.01);
      gain.gain.setTargetAtTime(0, second + on, 0.01);
    }
    this.#element.srcObject = out.stream;
    this.#play(speaker);
  }

  async #play(speaker) {
    try {
      if (speaker) await this.#element.setSinkId(speaker).catch(() => {}); // gone: the default one, better than none
      await this.#element.play();
    } catch {
      // not before the agent has clicked on the page, which is told on it
    }
  }

  stop() {
    this.#element.pause();
    this.#element.srcObject = null;
    this.#context.close();
  }
}

/** The loudest that a microphone hears during a test, 0 to 1. */
async function loudest(microphone, level) {
  const audio = microphone ? { ...VOICE, deviceId: { ideal: microphone } } : VOICE;
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let most = 0;
  const look = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const now = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    most = Math.max(most, now);
    level(Math.min(1, Math.sqrt(now) * 1.6));
  }, 50);
  await new Promise((end) => setTimeout(end, LISTENS));
  clearInterval(look);
  close(stream);
  context.close();
  level(0);
  return most;
}

function close(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}
