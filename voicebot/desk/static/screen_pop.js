// Opens the page that another system has of the caller by itself: once a call, if the browser allows. The link stays.

const file = document.getElementById("file");
const OPENED = "screen-pop";

function look() {
  const link = file.querySelector("a[data-pop]");
  if (!link || sessionStorage.getItem(OPENED) === link.dataset.pop) return;
  sessionStorage.setItem(OPENED, link.dataset.pop);
  window.open(link.href, "_blank", "noopener,noreferrer");
}

new MutationObserver(look).observe(file, { childList: true });
look();
