// A survey on a tablet: back to the start when nobody has touched it for a while, saying so before;
// and some seconds after the thanks.
const main = document.querySelector("main[data-idle]");
const frame = main.querySelector("iframe");
const box = document.querySelector(".still");
const left = box.querySelector("output");
const start = frame.getAttribute("src");
const idle = Number(main.dataset.idle);
const warning = Number(main.dataset.warning);
const AFTER_THANKS = 12;
let touched = performance.now();
let thanked = 0;

function page() {
  try {
    return frame.contentDocument;
  } catch {
    return null; // an error page of the browser: the way back does not need to read it
  }
}

function touch() {
  touched = performance.now();
  thanked = 0;
  box.hidden = true;
}

function listen(target) {
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    target.addEventListener(kind, touch, { capture: true, passive: true });
  }
}

function begin() {
  box.hidden = true;
  touched = performance.now();
  thanked = 0;
  // Without an entry in the history, so that nobody steps back to another guest's page.
  frame.contentWindow.location.replace(start);
}

frame.addEventListener("load", () => {
  if (page()) listen(page());
  touched = performance.now();
});
if (page()) listen(page());
listen(document);
box.querySelector("button").addEventListener("click", touch);

setInterval(() => {
  const path = page()?.location.pathname ?? "";
  const now = performance.now();
  if (path === start && !box.hidden) box.hidden = true;
  if (path.endsWith("/thanks/")) {
    thanked ||= now;
    if (now - thanked > AFTER_THANKS * 1000) begin();
    return;
  }
  const rest = idle - (now - touched) / 1000;
  if (rest <= 0) begin();
  else if (path !== start && rest <= warning) {
    left.textContent = Math.ceil(rest);
    if (box.hidden) {
      box.hidden = false;
      box.querySelector("button").focus();
    }
  }
}, 500);
