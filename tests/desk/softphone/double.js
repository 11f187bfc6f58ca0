// A double of Twilio's Voice SDK: the documented interface of Device and Call, and no telephone network behind it.
// Tests find what was built in `twilio.devices` and `twilio.calls`, and let things happen with `emit`.

(() => {
  class Emitter {
    #listeners = {};

    on(name, act) {
      (this.#listeners[name] ??= []).push(act);
      return this;
    }

    emit(name, ...told) {
      for (const act of [...(this.#listeners[name] ?? [])]) act(...told);
    }
  }

  class Call extends Emitter {
    parameters = { CallSid: "CA1", From: "+31612345678" };
    customParameters = new Map();
    did = [];
    #status = "pending";

    accept(options) {
      this.did.push(["accept", options]);
      this.#status = "open";
      if (twilio.microphone) this.emit("accept", this);
      else this.#fails(31401);
    }

    reject() {
      this.did.push(["reject"]);
      this.#ends("reject");
    }

    ignore() {
      this.did.push(["ignore"]);
    }

    disconnect() {
      this.did.push(["disconnect"]);
      this.#ends("disconnect");
    }

    cancel() {
      this.#ends("cancel");
    }

    mute(on) {
      this.did.push(["mute", on]);
    }

    sendDigits(keys) {
      this.did.push(["sendDigits", keys]);
    }

    status() {
      return this.#status;
    }

    #fails(code) {
      this.#status = "closed";
      this.emit("error", { code });
    }

    #ends(name) {
      if (this.#status === "closed") return;
      this.#status = "closed";
      this.emit(name, this);
    }
  }

  class Device extends Emitter {
    static isSupported = !window.tooOld;

    state = "unregistered";
    sounds = { incoming: true, outgoing: true, disconnect: true };
    tokens = [];

    constructor(token, options) {
      super();
      this.tokens.push(token);
      this.options = options;
      const device = this;
      const sound = (name) => (on) => (device.sounds[name] = on ?? device.sounds[name]);
      this.audio = {
        incoming: sound("incoming"),
        outgoing: sound("outgoing"),
        disconnect: sound("disconnect"),
        on() {},
        speakerDevices: { set: async (id) => (device.speaker = id) },
        setInputDevice: async (id) => (device.microphone = id),
        unsetInputDevice: async () => (device.microphone = ""),
      };
      twilio.devices.push(this);
    }

    async register() {
      this.become("registering");
      if (twilio.reachable) this.become("registered");
    }

    become(state) {
      this.state = state;
      this.emit(state);
    }

    updateToken(token) {
      this.tokens.push(token);
    }

    destroy() {
      this.become("destroyed");
    }
  }

  window.twilio = {
    devices: [],
    calls: [],
    reachable: true,
    microphone: true,
    get device() {
      return this.devices.at(-1);
    },
    get call() {
      return this.calls.at(-1);
    },
    ring() {
      this.calls.push(new Call());
      this.device.emit("incoming", this.call);
    },
  };
  window.Twilio = { Device, Call };
})();
