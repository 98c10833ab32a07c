// Choosing a step on the emotion curve: a click on a point follows that step's link in the table,
// and after its panel has come, table, filters and figure show the same step as selected.
const link = (step) => document.querySelector(`#curve-table tr[data-step="${CSS.escape(step)}"] a`);

document.addEventListener("cxm:point", (event) => {
  if (event.detail.customdata != null) link(String(event.detail.customdata))?.click();
});

// The figure's JSON is what is drawn: move the mark there, and charts.js draws it again on settle.
function mark(step) {
  const source = document.getElementById("curve-figure");
  const figure = JSON.parse(source.textContent);
  const place = figure.data.find((trace) => trace.mode === "markers" && trace.customdata).customdata.indexOf(Number(step));
  const shape = figure.layout.shapes.find((one) => one.name === "selected");
  if (!shape || place < 0) return;
  Object.assign(shape, { x0: place - 0.48, x1: place + 0.48 });
  source.textContent = JSON.stringify(figure);
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "step-panel") return;
  const before = document.querySelector("#curve-table tr.on")?.dataset.step;
  const step = event.detail.target.querySelector("[data-selected]")?.dataset.selected;
  for (const row of document.querySelectorAll("#curve-table tr[data-step]")) {
    const on = row.dataset.step === step;
    row.classList.toggle("on", on);
    on ? row.setAttribute("aria-selected", "true") : row.removeAttribute("aria-selected");
  }
  for (const field of document.querySelectorAll('.bar.tools input[name="step"]')) field.value = step;
  if (step === before) return;
  mark(step);
  event.detail.target.scrollIntoView({ block: "nearest" });
});
