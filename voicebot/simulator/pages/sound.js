// The microphone and the loudspeaker of a line, and the sound of its bell.

const CONSTRAINTS = {
  audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};
const WAIT_FOR_PERMISSION = 15000; // ms: people may not see the browser's question

const WORDS = {
  nl: {
    off: "Microfoon staat uit",
    asking: "Sta het gebruik van de microfoon toe in uw browser",
    on: "Microfoon staat aan",
    muted: "Microfoon staat op stil",
    refused: "De microfoon mag niet worden gebruikt: sta dat toe in de instellingen van uw browser.",
    missing: "Er is geen microfoon gevonden.",
    busy: "De microfoon is in gebruik door een ander programma.",
    insecure: "Zonder https of localhost geeft de browser geen microfoon en geen geluid van de lijn.",
    unanswered: "U heeft de vraag van de browser over de microfoon niet beantwoord.",
    lost: "De microfoon is losgekoppeld.",
    failed: "De microfoon doet het niet.",
    silent: "Deze browser kan geen geluid van een telefoonlijn afspelen.",
  },
  en: {
    off: "Microphone is off",
    asking: "Allow the use of the microphone in your browser",
    on: "Microphone is on",
    muted: "Microphone is muted",
    refused: "The microphone may not be used: allow it in your browser's settings.",
    missing: "No microphone was found.",
    busy: "Another program is using the microphone.",
    insecure: "Without https or localhost the browser gives no microphone and no sound of the line.",
    unanswered: "You did not answer the browser's question about the microphone.",
    lost: "The microphone was unplugged.",
    failed: "The microphone does not work.",
    silent: "This browser cannot play the sound of a telephone line.",
  },
};

// What can be done at a telephone without one.
const STILL = {
  nl: { hear: "Luisteren en typen kan wel.", type: "Typen kan wel." },
  en: { hear: "You can still listen and type.", type: "You can still type." },
};
const WORKS = ["off", "asking", "on", "muted"];
const DEAF = ["insecure", "silent"];

const FAULTS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
  TimeoutError: "unanswered",
};

/** The state of a microphone, in words for the person who uses it. */
export function microphoneWords(state, language) {
  return (WORDS[language] ?? WORDS.nl)[state];
}

/** What a person who can also type may still do, for the states that are faults; empty for the others. */
export function stillWords(state, language) {
  if (WORKS.includes(state)) return "";
  return (STILL[language] ?? STILL.nl)[DEAF.includes(state) ? "type" : "hear"];
}

/** Sound for one call at a time. `onFrame(bytes, level)` gets 20 ms of mu-law, `onMicrophone(state)` a key of WORDS. */
export class Sound {
  #context = null;
  #speaker = null;
  #stream = null;
  #bell = null;
  #devices = { microphone: "", speaker: "" };

  constructor(onFrame, onMicrophone) {
    this.onFrame = onFrame;
    this.onMicrophone = onMicrophone;
  }

  /** Chooses microphone and loudspeaker by their ids, in the middle of a call too; empty for the usual ones. */
  use(devices) {
    const other = devices.microphone !== this.#devices.microphone;
    this.#devices = devices;
    if (!this.#context) return;
    this.#lead(this.#context);
    if (!other || !this.#stream) return;
    stop(this.#stream);
    this.#listen(this.#context);
  }

  /** Opens loudspeaker and microphone, as far as there are any; begin this in a press of a button. */
  async start() {
    this.stop();
    if (!window.isSecureContext) return this.onMicrophone("insecure");
    const context = (this.#context = new AudioContext({ latencyHint: "interactive" }));
    this.#lead(context);
    context.resume(); // not awaited: without a press before, it waits for one
    try {
      await context.audioWorklet.addModule(new URL("worklet.js", import.meta.url));
    } catch {
      return this.#tell(context, "silent");
    }
    if (context !== this.#context) return;
    this.#speaker = new AudioWorkletNode(context, "speaker", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#speaker.connect(context.destination);
    await this.#listen(context);
  }

  /** To the chosen loudspeaker, where the browser lets one choose and it is there. */
  #lead(context) {
    context.setSinkId?.(this.#devices.speaker).catch(() => {});
  }

  async #listen(context) {
    this.#tell(context, "asking");
    try {
      const stream = await microphone(this.#devices.microphone);
      if (context !== this.#context) return stop(stream);
      this.#stream = stream;
      stream.getTracks()[0].onended = () => this.#tell(context, "lost");
      const frames = new AudioWorkletNode(context, "microphone", {
        numberOfOutputs: 0,
        channelCount: 1,
        channelCountMode: "explicit",
      });
      frames.port.onmessage = ({ data }) => this.onFrame(data.frame, data.level);
      context.createMediaStreamSource(stream).connect(frames);
      this.#tell(context, "on");
    } catch (error) {
      this.#tell(context, FAULTS[error.name] ?? "failed");
    }
  }

  #tell(context, state) {
    if (context === this.#context) this.onMicrophone(state);
  }

  /** Plays 8 kHz mu-law after what is already waiting to be played. */
  play(bytes) {
    this.#speaker?.port.postMessage(bytes);
  }

  /** Forgets what was not played yet. */
  clear() {
    this.#speaker?.port.postMessage(null);
  }

  /** Gives the microphone and the loudspeaker back. */
  stop() {
    stop(this.#stream);
    this.#context?.close();
    this.#context = this.#speaker = this.#stream = null;
    this.onMicrophone("off");
  }

  /** Rings for a minute, or until `quiet`. Silent where the browser allows no sound without a press. */
  ring() {
    this.quiet();
    this.#bell = new AudioContext();
    const volume = new GainNode(this.#bell, { gain: 0 });
    volume.connect(this.#bell.destination);
    for (const frequency of [440, 480]) {
      const tone = new OscillatorNode(this.#bell, { frequency });
      tone.connect(volume);
      tone.start();
    }
    for (let second = 0; second < 60; second += 3) {
      volume.gain.setTargetAtTime(0.08, second, 0.01);
      volume.gain.setTargetAtTime(0, second + 1, 0.01);
    }
  }

  /** Stops the bell. */
  quiet() {
    this.#bell?.close();
    this.#bell = null;
  }
}

async function microphone(chosen) {
  const audio = chosen ? { ...CONSTRAINTS.audio, deviceId: { ideal: chosen } } : CONSTRAINTS.audio;
  const asked = navigator.mediaDevices.getUserMedia({ audio });
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new DOMException("", "TimeoutError")), WAIT_FOR_PERMISSION);
  });
  late.catch(() => asked.then(stop, () => {})); // a yes that comes later must not leave the microphone open
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
