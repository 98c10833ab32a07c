// The presentation by keys and by swiping. Pages come whole and only <main> is exchanged, so that
// the full screen stays; without this script every phase is a plain link.
const SWIPE = 60;
const main = document.querySelector("[data-present]");
let loading = null;

const links = () => [...main.querySelectorAll("footer nav a")];
const place = () => links().findIndex((link) => link.getAttribute("aria-current"));

async function show(url, remember = true) {
  loading?.abort();
  loading = new AbortController();
  try {
    const answer = await fetch(url, { signal: loading.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-present]");
    if (!answer.ok || !next) throw new Error(answer.status);
    main.replaceChildren(...next.childNodes);
    document.title = page.title;
    if (remember) history.pushState(null, "", url);
    main.querySelector("h1")?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function go(to) {
  const all = links();
  const link = all[Math.max(0, Math.min(all.length - 1, to))];
  if (link && !link.getAttribute("aria-current")) show(link.href);
}

function blank() {
  const found = document.querySelector(".blank");
  if (found) return found.remove();
  const cover = document.createElement("div");
  cover.className = "blank";
  cover.setAttribute("role", "status");
  const words = document.createElement("span");
  words.className = "vh";
  words.textContent = main.dataset.blank;
  cover.append(words);
  cover.addEventListener("click", blank);
  document.body.append(cover);
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

const KEYS = {
  ArrowRight: () => go(place() + 1),
  PageDown: () => go(place() + 1),
  ArrowLeft: () => go(place() - 1),
  PageUp: () => go(place() - 1),
  Home: () => go(0),
  End: () => go(links().length - 1),
  b: blank,
  f: fullScreen,
  Escape: () => main.querySelector("[data-end]").click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // In full screen the browser takes Escape for itself.
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  // A curve that is wider than the screen scrolls with the arrows while it has the focus.
  if (!act || (event.key.startsWith("Arrow") && event.target.closest(".narrow"))) return;
  event.preventDefault();
  if (event.key !== "Escape" || !document.querySelector(".blank")) act();
  else blank();
});

main.addEventListener("click", (event) => {
  const link = event.target.closest("footer nav a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.href);
});

addEventListener("popstate", () => show(location.href, false));

let from = null;
main.addEventListener("touchstart", (event) => {
  const inside = event.target.closest(".narrow");
  const scrolls = inside && inside.scrollWidth > inside.clientWidth;
  from = event.touches.length === 1 && !scrolls ? event.touches[0] : null;
}, { passive: true });
main.addEventListener("touchend", (event) => {
  if (!from) return;
  const to = event.changedTouches[0];
  const dx = to.clientX - from.clientX;
  if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(to.clientY - from.clientY)) {
    go(place() + (dx < 0 ? 1 : -1));
  }
  from = null;
}, { passive: true });
