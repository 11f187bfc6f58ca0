// Keeps the tab of the softphone awake, and finds out when it slept after all. A tab that sleeps is the commonest
// cause of missed calls: its connection to the telephone network dies, no timer runs, and nobody tells the agent.
//
// What browsers do to a tab that is not looked at, and what stands against it here:
// - Timers: once a second at best, in Chrome once a minute after five minutes. A worker's timers are let alone, so what
//   must happen in time hangs on the worker's ticks. Timers of others, such as those with which Twilio's script finds
//   and mends a dead connection, are spared the once-a-minute rule as long as a WebRTC connection has an open channel
//   (developer.chrome.com/blog/timer-throttling-in-chrome-88): one that leads from this page to itself does. Seen in
//   Chromium 156: of a hidden tab's one-second timer, 2 runs in two minutes without that channel, 120 with it.
// - Freezing: all scripts stop, the worker too. Chrome does not freeze pages that hold a Web Lock (softphone-tab.js
//   holds one) or have such a channel, nor those that may show notifications.
// - The computer sleeps. Only the screen's wake lock keeps it from that, and only while the tab is looked at.
// - A sound context that runs makes the bell sound at once; silence alone keeps no tab awake.
// Whatever got through shows as a gap between two ticks, or as the browser's own word (`resume`): then the line is
// built up anew, because a connection that looks alive may be long dead.

const GAP = 15_000; // ms between ticks that are meant to be one second apart

/** Events: tick {now}, each second; slept {from, to}, in ms since 1970, when the tab is back. */
export class Awake extends EventTarget {
  #worker = null;
  #last = 0;
  #channel = null;
  #screen = null;
  #seen = () => this.#keepScreen();
  #resumed = () => this.#look(true);

  /** Begins to keep awake. Does nothing when it did already. */
  start() {
    if (this.#worker) return;
    this.#last = Date.now();
    this.#worker = new Worker(new URL("softphone-clock.js", import.meta.url));
    this.#worker.onmessage = () => this.#look(false);
    document.addEventListener("visibilitychange", this.#seen);
    document.addEventListener("resume", this.#resumed);
    this.#keepScreen();
    this.#channel = openChannel();
  }

  /** Lets the tab sleep. */
  stop() {
    this.#worker?.terminate();
    this.#worker = null;
    document.removeEventListener("visibilitychange", this.#seen);
    document.removeEventListener("resume", this.#resumed);
    this.#screen?.release();
    for (const end of this.#channel ?? []) end.close();
    this.#screen = this.#channel = null;
  }

  #look(frozen) {
    const [from, to] = [this.#last, Date.now()];
    this.#last = to;
    if (frozen || to - from > GAP) this.#emit("slept", { from, to });
    this.#emit("tick", { now: to });
  }

  async #keepScreen() {
    if (document.hidden || !navigator.wakeLock) return;
    try {
      const screen = await navigator.wakeLock.request("screen"); // the browser takes it back when the tab is hidden
      if (this.#worker) this.#screen = screen;
      else screen.release();
    } catch {
      // battery saver, or the tab is hidden again: the rest must do
    }
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Two ends of a WebRTC connection with an open channel, both here; where that fails the rest must do. */
function openChannel() {
  const ends = [new RTCPeerConnection(), new RTCPeerConnection()];
  const [one, other] = ends;
  one.onicecandidate = ({ candidate }) => other.addIceCandidate(candidate).catch(() => {});
  other.onicecandidate = ({ candidate }) => one.addIceCandidate(candidate).catch(() => {});
  one.createDataChannel("awake");
  const join = async () => {
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription);
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription);
  };
  join().catch(() => {});
  return ends;
}
