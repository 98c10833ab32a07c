// Typing sheets in: Enter goes to the next cell, a key that is the whole answer goes on by itself,
// and a new line has the day of the one before.
const form = document.querySelector("[data-entry]");

function cells() {
  return [...form.querySelectorAll("table input")];
}

function go(from, step) {
  const all = cells();
  const next = all[all.indexOf(from) + step];
  if (!next) return false;
  next.focus();
  next.select?.();
  return true;
}

function nextOf(input) {
  // The day is right most of the time: Enter in the number goes to the first answer.
  const isNumber = input.name.endsWith("-sheet");
  return go(input, isNumber ? 2 : 1);
}

form.addEventListener("keydown", (event) => {
  const input = event.target.closest("table input");
  if (!input) return;
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    if (!nextOf(input)) form.querySelector("button.primary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (input.type === "date") return;
    const row = input.closest("tr");
    const other = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const at = [...row.querySelectorAll("input")].indexOf(input);
    other?.querySelectorAll("input")[at]?.focus();
    if (other) event.preventDefault();
  }
});

form.addEventListener("input", (event) => {
  const input = event.target;
  if (input.matches("[data-single]") && /^[0-9n?]$/i.test(input.value)) nextOf(input);
});

form.addEventListener("change", (event) => {
  if (event.target.type !== "date") return;
  const rows = [...form.querySelectorAll("tbody tr")];
  for (const row of rows.slice(rows.indexOf(event.target.closest("tr")) + 1)) {
    const isUsed = row.querySelector("input").value;
    if (!isUsed) row.querySelector("input[type=date]").value = event.target.value;
  }
});
