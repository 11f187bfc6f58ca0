// What the page shows of the softphone, and its buttons: any button with data-softphone="…" is one.

const ELSEWHERE = ["elsewhere", "busy"];
const BUTTONS = { ask: "allow", slept: "understood", call: "understood" }; // of warnings
const byId = (id) => document.getElementById(id);

export class View {
  #act;
  #dialog = byId("softphone");
  #texts = JSON.parse(this.#dialog.dataset.texts);
  #locale = document.documentElement.lang === "en" ? "en-GB" : "nl-NL";

  /** `act(name, value)` does what the agent wants: a key of the softphone's acts. */
  constructor(act) {
    this.#act = act;
    document.addEventListener("click", ({ target }) => this.#press(target.closest("button[data-softphone]")));
    this.#dialog.addEventListener("change", ({ target }) => {
      if (target.dataset.choose) act("choose", { what: target.dataset.choose, id: target.value });
    });
  }

  /** Where the agent answers: browser, or a telephone's number. */
  get phone() {
    return byId("line")?.dataset.phone ?? "";
  }

  /** The state of the line, and why there is none. */
  line({ state, fault }) {
    if (this.phone !== "browser" && this.#dialog.open) this.#dialog.close();
    const place = byId("line-state");
    if (!place) return;
    const works = ["ready", "ringing", "talking"].includes(state);
    const name = works ? "ready" : fault === "elsewhere" ? fault : state === "connecting" ? state : "lost";
    write(place, this.#texts[name]);
    place.classList.toggle("off", !works && state !== "connecting");
    this.#fault(state === "failed" ? fault : "");
  }

  #fault(fault) {
    const notice = byId("line-fault");
    notice.hidden = !fault;
    if (!fault) return;
    write(notice.querySelector("[data-what]"), this.#texts[`failed_${fault}`]);
    write(notice.querySelector("[data-do]"), this.#texts[`do_${fault}`]);
    byId("line-here").hidden = fault !== "elsewhere";
    byId("line-retry").hidden = byId("line-own").hidden = ELSEWHERE.includes(fault);
  }

  /** The buttons for a call in the browser. */
  call({ talking, muted }) {
    const mute = byId("mute");
    if (!mute) return;
    mute.setAttribute("aria-pressed", muted);
    write(mute, this.#texts[muted ? "unmute" : "mute"]);
    for (const button of [mute, ...document.querySelectorAll("[data-softphone=key]")]) button.disabled = !talking;
  }

  /** A line for each warning: a Map of names to the values of their texts. */
  warnings(shown) {
    const list = byId("line-warnings");
    for (const item of [...list.children]) if (!shown.has(item.dataset.warning)) item.remove();
    for (const [name, values] of shown) {
      const item = [...list.children].find(({ dataset }) => dataset.warning === name) ?? this.#item(name);
      write(item.firstChild, this.#filled(this.#texts[`warn_${name}`], values));
      if (!item.parentElement) list.append(item);
    }
    list.hidden = !shown.size;
  }

  #item(name) {
    const item = Object.assign(document.createElement("li"), { className: "line-warning" });
    item.dataset.warning = name;
    item.append(document.createElement("span"));
    if (BUTTONS[name]) item.append(" ", this.#button(BUTTONS[name], name));
    return item;
  }

  #button(act, warning) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "minor" });
    Object.assign(button.dataset, { softphone: act, key: warning });
    button.textContent = this.#texts[act];
    return button;
  }

  /** Times in a text, in the agent's own time zone. */
  #filled(text, values) {
    const time = new Intl.DateTimeFormat(this.#locale, { hour: "2-digit", minute: "2-digit" });
    return text.replace(/{(\w+)}/g, (_, name) => time.format(values[name]));
  }

  /** The devices to choose from. */
  devices(sounds) {
    const { microphones, speakers } = sounds.devices();
    for (const select of this.#dialog.querySelectorAll("[data-choose]")) {
      const { choose } = select.dataset;
      this.#fill(select, choose === "microphone" ? microphones : speakers, sounds.chosen[choose]);
      select.disabled = choose !== "microphone" && !sounds.choosable;
    }
    byId("no-choice").hidden = sounds.choosable;
    this.#notified();
  }

  #fill(select, devices, chosen) {
    const named = devices.map(({ id, label }, at) => [id, label || this.#texts.unnamed.replace("{number}", at + 1)]);
    const options = [["", this.#texts.default], ...named];
    if (select.dataset.shown !== JSON.stringify(options)) {
      select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
      select.dataset.shown = JSON.stringify(options);
    }
    select.value = devices.some(({ id }) => id === chosen) ? chosen : "";
  }

  // -- what is pressed

  #press(button) {
    if (!button) return;
    const { softphone: act, key } = button.dataset;
    const own = {
      open: () => this.#open(),
      own: () => this.#open("own-number"),
      test: () => this.#test(),
      notify: () => this.#ask(),
    };
    (own[act] ?? (() => this.#act(act, key)))();
  }

  #open(field) {
    this.#dialog.showModal();
    byId(field ?? "choose-microphone").focus();
  }

  async #test() {
    const said = byId("line-tested");
    byId("line-test").disabled = true;
    write(said, this.#texts.speak);
    try {
      const heard = await this.#act("test", (level) => (byId("line-level").value = level));
      write(said, this.#texts[heard ? "heard" : "not_heard"]);
    } catch (error) {
      write(said, this.#texts[error.name === "NotAllowedError" ? "failed_refused" : "failed_missing"]);
    }
    byId("line-test").disabled = false;
  }

  // -- notifications, when a call comes while the agent looks at something else

  async #ask() {
    await Notification.requestPermission();
    this.#notified();
  }

  #notified() {
    const state = window.Notification?.permission ?? "unknown"; // none on some telephones
    byId("line-notify").hidden = state !== "default";
    write(byId("line-notified"), { granted: this.#texts.notify_on, denied: this.#texts.notify_off }[state] ?? "");
  }

  /** Tells of a call outside the page, without a word of who calls: others may see the screen. Null when seen here. */
  notify() {
    if (!document.hidden || window.Notification?.permission !== "granted") return null;
    const body = this.#texts.ringing_more;
    const notice = new Notification(this.#texts.ringing, { body, tag: "voicebot-call", requireInteraction: true });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return notice;
  }
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
