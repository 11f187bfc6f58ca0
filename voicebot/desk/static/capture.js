// Runs beside the page's script: hands on what the microphone hears, some 85 ms at a time.

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.kept = new Float32Array(4096);
    this.length = 0;
  }

  process([input]) {
    const heard = input[0];
    if (!heard) return true;
    if (this.length + heard.length > this.kept.length) this.give();
    this.kept.set(heard, this.length);
    this.length += heard.length;
    return true;
  }

  give() {
    this.port.postMessage(this.kept.slice(0, this.length));
    this.length = 0;
  }
}

registerProcessor("capture", Capture);
