// One tab of a browser has an agent's line: with two, each call would ring twice, and the bell of one would go on.

/** Events: change, when `has` became another; act {detail}, what was pressed in a tab without the line.
 *
 * Who waits gets the line when the tab that has it is closed. */
export class OneTab extends EventTarget {
  /** Whether the line is this tab's. */
  has = false;

  #name;
  #waiting = null; // ends the wait
  #release = null; // gives the line up
  #busy = null; // tells other tabs that there is a call no more
  #others;

  constructor(agent) {
    super();
    this.#name = `voicebot-line-${agent}`;
    this.#others = new BroadcastChannel(this.#name);
    this.#others.onmessage = ({ data }) => this.has && this.dispatchEvent(new CustomEvent("act", { detail: data }));
  }

  /** Leaves something to the tab that has the line. */
  pass(act) {
    this.#others.postMessage(act);
  }

  /** Waits for the line. */
  want() {
    if (this.has || this.#waiting) return;
    this.#waiting = new AbortController();
    this.#ask({ signal: this.#waiting.signal });
  }

  /** Takes the line away from the tab that has it. */
  take() {
    this.#waiting?.abort();
    this.#waiting = null;
    this.#ask({ steal: true });
  }

  /** Gives the line up, or the wait. */
  give() {
    this.#waiting?.abort();
    this.#waiting = null;
    this.#release?.();
  }

  /** Whether some tab, this one included, tells that there is a call on the line. */
  async inCall() {
    const { held } = await navigator.locks.query();
    return held.some(({ name }) => name === this.#callName);
  }

  /** Tells other tabs whether there is a call, so that none takes the line in the middle of it. */
  call(on) {
    if (on && !this.#busy) navigator.locks.request(this.#callName, () => new Promise((end) => (this.#busy = end)));
    if (on) return;
    this.#busy?.();
    this.#busy = null;
  }

  get #callName() {
    return `${this.#name}-call`;
  }

  #ask(how) {
    const keep = () => new Promise((release) => this.#have(release));
    navigator.locks.request(this.#name, how, keep).catch(() => this.#lost());
  }

  #have(release) {
    this.#waiting = null;
    this.#release = () => {
      this.#release = null;
      release();
      this.#become(false);
    };
    this.#become(true);
  }

  /** Taken by another tab: wait until that one is closed. A wait that was ended comes here too, and changes nothing. */
  #lost() {
    if (!this.has) return;
    this.#release = null;
    this.#become(false);
    this.want();
  }

  #become(has) {
    this.has = has;
    this.dispatchEvent(new Event("change"));
  }
}
