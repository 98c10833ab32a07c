// The history panel: its slider leads to past states; what has changed since is marked in the cells.
const speak = (slider) => {
  const day = slider.list?.options[slider.value];
  slider.setAttribute("aria-valuetext", day?.label ?? slider.value);
};

const go = (slider) => {
  const seq = slider.list?.options[slider.value]?.dataset.seq;
  const last = Number(slider.value) === Number(slider.max);
  const map = slider.closest("[data-history]").dataset.mapUrl;
  location.assign(`${map}?${last ? "" : `at=${seq}&`}panel=history`);
};

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-asof]")) speak(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-asof]")) go(event.target);
});

const element = (name, text, className) => {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
};

// Struck is what this state says and today's map does not; added is what came since.
function mark(on) {
  for (const old of document.querySelectorAll(".since")) old.remove();
  for (const cell of document.querySelectorAll(".has-since")) cell.classList.remove("has-since");
  const data = document.getElementById("map-differences");
  if (!on || !data) return;
  for (const [key, parts] of Object.entries(JSON.parse(data.textContent))) {
    const cell = document.querySelector(`[data-cell="${CSS.escape(key)}"]`);
    if (!cell) continue;
    const note = element("p", "", "since");
    for (const [what, text] of parts) note.append(what === "same" ? text : element(what, text));
    cell.classList.add("has-since");
    cell.append(note);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-differences]");
  if (!button) return;
  for (const other of button.parentElement.children) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  mark(button.dataset.differences === "on");
});

function arrive() {
  const slider = document.querySelector("[data-asof]");
  if (slider) speak(slider);
  if (document.querySelector(".asof-banner")) mark(true);
}

document.addEventListener("htmx:afterSwap", (event) => {
  const panel = document.querySelector("[data-history]");
  if (event.detail.target?.id !== "panel" || !panel) return;
  // A page that was opened on a past state shows the panel by itself: nobody asked for the focus.
  if (event.detail.requestConfig?.elt?.id === "history-button") panel.querySelector("h2")?.focus({ preventScroll: true });
  arrive();
});
arrive();
