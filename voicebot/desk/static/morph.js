// Changes a part of the page into what the server sent, keeping every element that is still there: what has the focus,
// what was typed, what is open and where it was scrolled stay as they are.

const CLIENTS = ["open", "aria-busy", "data-restored"]; // attributes that are ours alone

/** Makes the children of `part` those of `html`. */
export function morph(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  children(part, fresh.content);
  if (focused && focused !== document.activeElement) (document.getElementById(focused.id) ?? first(part)).focus();
}

/** Where the focus goes when what had it is gone. */
function first(part) {
  return part.querySelector("h1[tabindex]") ?? part;
}

function children(old, fresh) {
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const kept = same(old, place, next);
    if (!kept) {
      old.insertBefore(next, place);
      continue;
    }
    if (kept === place) place = place.nextSibling;
    else old.insertBefore(kept, place);
    become(kept, next);
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

/** The old node that becomes this one: of the same id, or in the same place and of the same kind. */
function same(old, place, next) {
  if (next.id) return [...old.children].find((one) => one.id === next.id && one.localName === next.localName);
  return place && !place.id && place.nodeName === next.nodeName ? place : null;
}

function become(old, next) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  const own = next.dataset?.own;
  if (own !== undefined && old.dataset.own === own) return;
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !CLIENTS.includes(name)) old.removeAttribute(name);
  }
  children(old, next);
}
