// Ticks once a second in a thread of its own, where browsers do not slow timers down as they do in hidden tabs.

setInterval(() => postMessage(null), 1000);
