// Runs in the browser's audio thread: the microphone as 8 kHz mu-law frames, and mu-law as sound.

const TELEPHONE = 8000; // Hz
const FRAME = 160; // samples: 20 ms, one mu-law byte each
const JITTER = 0.06; // seconds of sound gathered before it is played, against gaps
const CROSSINGS = 20; // of the low-pass filter on each side: 60 dB down at 4 kHz
const KAISER = 5.65; // its window
const STEPS = 128; // points of the filter's table for each input sample

/** From one rate to another without a seam between the pieces; a Kaiser-windowed sinc up to 3.6 kHz. */
class Resampler {
  constructor(from, to) {
    this.step = from / to;
    const narrower = Math.min(1, to / from);
    this.half = Math.ceil(CROSSINGS / narrower);
    this.filter = lowPass(this.half, 0.9 * narrower);
    this.samples = new Float32Array(this.half); // what the next output still needs
    this.position = this.half; // of the next output, among these samples
  }

  /** The samples that are ready, at the new rate. */
  push(input) {
    const samples = joined(this.samples, input);
    const ready = [];
    for (; this.position + this.half + 1 < samples.length; this.position += this.step) {
      ready.push(this.#at(samples, this.position));
    }
    const done = Math.floor(this.position) - this.half;
    this.samples = samples.slice(done);
    this.position -= done;
    return ready;
  }

  #at(samples, position) {
    let sum = 0;
    const last = Math.floor(position + this.half);
    for (let i = Math.ceil(position - this.half); i <= last; i++) {
      const place = Math.abs(position - i) * STEPS;
      const whole = Math.floor(place);
      const before = this.filter[whole];
      sum += samples[i] * (before + (place - whole) * (this.filter[whole + 1] - before));
    }
    return sum;
  }
}

/** One side of the filter; `cutoff` is a share of the input's Nyquist frequency. */
function lowPass(half, cutoff) {
  return Float32Array.from({ length: half * STEPS + 2 }, (_, i) => {
    const distance = i / STEPS;
    if (distance > half) return 0;
    const angle = Math.PI * cutoff * distance;
    const sinc = angle ? Math.sin(angle) / angle : 1;
    return (cutoff * sinc * bessel(KAISER * Math.sqrt(1 - (distance / half) ** 2))) / bessel(KAISER);
  });
}

/** The modified Bessel function I0, of which the Kaiser window is made. */
function bessel(x) {
  let sum = 1;
  for (let k = 1, term = 1; k < 30; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function joined(a, b) {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** ITU-T G.711 of a sample between -1 and 1. */
function encode(sample) {
  const size = Math.min(Math.round(Math.abs(sample) * 32768), 32635) + 132;
  const segment = 24 - Math.clz32(size);
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 3)) & 15)) & 0xff;
}

const DECODED = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const size = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return (code & 0x80 ? -size : size) / 32768;
});

/** Posts {frame, level}: 160 bytes of mu-law, and how loud they are (0 to 1, RMS). */
class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, TELEPHONE);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.power = 0;
  }

  process([[channel]]) {
    for (const sample of channel ? this.resampler.push(channel) : []) {
      this.frame[this.filled++] = encode(sample);
      this.power += sample * sample;
      if (this.filled === FRAME) this.#post();
    }
    return true;
  }

  #post() {
    this.port.postMessage({ frame: this.frame, level: Math.sqrt(this.power / FRAME) });
    this.frame = new Uint8Array(FRAME);
    this.filled = this.power = 0;
  }
}

/** Plays the mu-law bytes it is sent; `null` forgets what was not played yet. */
class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.port.onmessage = ({ data }) => (data ? this.#add(data) : this.#forget());
    this.#forget();
  }

  #forget() {
    this.resampler = new Resampler(TELEPHONE, sampleRate);
    this.pieces = [];
    this.played = 0; // of the first piece
    this.queued = 0;
    this.waited = 0;
    this.playing = false;
  }

  #add(bytes) {
    const piece = this.resampler.push(Array.from(bytes, (byte) => DECODED[byte]));
    this.pieces.push(piece);
    this.queued += piece.length;
  }

  process(_, [[channel]]) {
    if (!this.playing && this.queued) {
      this.waited += channel.length; // a last piece shorter than the jitter must be heard too
      this.playing = Math.max(this.queued, this.waited) >= JITTER * sampleRate;
    }
    if (this.playing) this.#fill(channel);
    return true;
  }

  #fill(channel) {
    for (let i = 0; i < channel.length; i++) {
      while (this.pieces.length && this.played === this.pieces[0].length) {
        this.pieces.shift();
        this.played = 0;
      }
      if (!this.pieces.length) break;
      channel[i] = this.pieces[0][this.played++];
      this.queued--;
    }
    if (!this.queued) {
      this.playing = false;
      this.waited = 0;
    }
  }
}

registerProcessor("microphone", Microphone);
registerProcessor("speaker", Speaker);
