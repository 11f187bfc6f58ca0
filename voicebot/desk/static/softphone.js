// The agent's telephone in the browser, as long as a stand-in for Twilio plays the telephone exchange.

const CHOICE_LASTS = 5000; // ms: the bot says that it connects, then the line rings

/** Connects the agent's line. What can be done with it: answer, decline, hangup, and tell its state on the page. */
export function openLine({ softphone, agent }) {
  let line = null;
  let chosen = { act: "", at: 0 }; // what the agent chose before the line rang

  const tell = () => {
    const place = document.getElementById("line-state");
    if (!place) return;
    const ready = line !== null && line.state !== "offline";
    place.textContent = ready ? place.dataset.ready : place.dataset.lost;
    place.classList.toggle("off", !ready);
  };

  // The offer comes before the line rings: what is chosen on this page that early is done when it does. Other pages
  // of the same agent leave it to this one.
  const choose = (act) => {
    chosen = { act: line?.state === "ringing" ? "" : act, at: Date.now() };
    line?.[act]();
  };

  const ringing = () => {
    const accepted = chosen.act === "answer" && document.querySelector("#call .state.accepted");
    if (accepted || (chosen.act && Date.now() - chosen.at < CHOICE_LASTS)) line[chosen.act]();
    chosen = { act: "", at: 0 };
  };

  const load = async () => {
    const { Line, microphoneWords } = await import(`${softphone}/pages/line.js`);
    line = new Line(`${softphone.replace(/^http/, "ws")}/line/${encodeURIComponent(agent)}`);
    line.addEventListener("state", tell);
    line.addEventListener("ringing", ringing);
    line.addEventListener("microphone", ({ detail }) => tellMicrophone(detail.state, microphoneWords));
    line.connect();
  };

  load().catch(() => setTimeout(() => load().catch(tell), 3000));
  tell();
  return {
    answer: () => choose("answer"),
    decline: () => choose("decline"),
    hangup: () => line?.hangup(),
    talks: () => line?.state === "connected",
    tell,
  };
}

/** Only what keeps a customer from hearing the agent is worth a line on the page. */
function tellMicrophone(state, words) {
  const place = document.getElementById("microphone");
  place.hidden = ["on", "off", "muted"].includes(state);
  place.textContent = place.hidden ? "" : words(state, document.documentElement.lang);
}
