// The agent's telephone in the browser, as long as a stand-in for Twilio plays the telephone exchange.

/** Connects the agent's line. What can be done with it: answer, decline, hangup, and tell its state on the page. */
export function openLine({ softphone, agent }) {
  let line = null;

  const tell = () => {
    const place = document.getElementById("line-state");
    if (!place) return;
    const ready = line !== null && line.state !== "offline";
    place.textContent = ready ? place.dataset.ready : place.dataset.lost;
    place.classList.toggle("off", !ready);
  };

  // The offer comes before the line rings: who accepts that early has accepted all the same.
  const answerIfAccepted = () => {
    if (document.querySelector("#call .state.accepted")) line?.answer();
  };

  const load = async () => {
    const { Line, microphoneWords } = await import(`${softphone}/pages/line.js`);
    line = new Line(`${softphone.replace(/^http/, "ws")}/line/${encodeURIComponent(agent)}`);
    line.addEventListener("state", tell);
    line.addEventListener("ringing", answerIfAccepted);
    line.addEventListener("microphone", ({ detail }) => tellMicrophone(detail.state, microphoneWords));
    line.connect();
  };

  load().catch(() => setTimeout(() => load().catch(tell), 3000));
  tell();
  return {
    answer: () => line?.answer(),
    answerIfAccepted,
    decline: () => line?.decline(),
    hangup: () => line?.hangup(),
    tell,
  };
}

/** Only what keeps a customer from hearing the agent is worth a line on the page. */
function tellMicrophone(state, words) {
  const place = document.getElementById("microphone");
  place.hidden = ["on", "off", "muted"].includes(state);
  place.textContent = place.hidden ? "" : words(state, document.documentElement.lang);
}
