// Runs before the page is shown: a press that comes before desk.js is there waits for it, and leaves no page.
window.early = {
  press(event) {
    if (event.target.dataset.act === undefined) return;
    event.preventDefault();
    window.early.waiting = [event.target, event.submitter];
  },
};
document.addEventListener("submit", window.early.press);
