// Beats in a thread of its own: timers of a hidden tab are slowed down, those of a worker are not.

let timer = 0;

onmessage = ({ data }) => {
  clearInterval(timer);
  if (data) timer = setInterval(() => beat(data), data.every);
};

async function beat({ address, token }) {
  try {
    const { status } = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token } });
    if (status !== 401) return;
    clearInterval(timer); // until somebody has logged in
    postMessage("signed out");
  } catch {
    // no network: the next beat tries again
  }
}
