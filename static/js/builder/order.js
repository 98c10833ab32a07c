// The list's order: drag a question by its handle, or Alt with the arrows on handle or name.
import { stored } from "./editor.js";

const rows = () => [...document.querySelectorAll("#rows > li[data-place]")];
let dragged = null;

async function place(row, values, focus) {
  if (!(await stored())) return;
  await htmx.ajax("POST", row.dataset.place, { values: { ...values, shown: shown() }, swap: "none", target: "#editor" });
  const moved = document.querySelector(`#rows > [data-question="${row.dataset.question}"]`);
  if (!moved) return;
  if (focus) document.getElementById(focus)?.focus();
  const said = document.getElementById("said");
  const now = rows().indexOf(moved) + 1;
  said.textContent = said.dataset.moved.replace("NUMBER", now) + (now === rows().length ? ` ${said.dataset.end}` : "");
}

// The question in the editor; its number is drawn anew only if it is the one that moved.
const shown = () => document.querySelector("#rows > .on")?.dataset.question ?? "";

document.addEventListener("keydown", (event) => {
  const row = event.altKey && event.target.closest?.("#rows > li[data-place]");
  if (!row || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  place(row, { step: event.key === "ArrowUp" ? -1 : 1 }, event.target.id);
});

document.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.(".grip");
  if (!grip) return;
  dragged = grip.closest("li");
  dragged.classList.add("lifted");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.question);
  event.dataTransfer.setDragImage(dragged, 16, 16);
});

// Above the middle of a row is before it, below is after it.
function target(event) {
  const row = event.target.closest?.("#rows > li");
  if (!row || !dragged) return null;
  const box = row.getBoundingClientRect();
  const after = event.clientY > box.top + box.height / 2;
  return { row, after, before: after ? row.nextElementSibling : row };
}

document.addEventListener("dragover", (event) => {
  const at = target(event);
  for (const row of rows()) row.classList.toggle("drop-before", at?.row === row && !at.after);
  for (const row of rows()) row.classList.toggle("drop-after", at?.row === row && at.after);
  if (at) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const at = target(event);
  if (!at) return;
  event.preventDefault();
  const moved = dragged;
  if (at.before === moved || at.row === moved) return;
  place(moved, { before: at.before?.dataset.question ?? "" });
});

document.addEventListener("dragend", () => {
  dragged = null;
  for (const row of rows()) row.classList.remove("lifted", "drop-before", "drop-after");
});
