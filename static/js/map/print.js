// Before the page goes to paper: a map that is wider than the sheet is made to fit it.
const SHEET = 1500; // CSS pixels between the margins of A3 across
const LARGEST = 1;
const SMALLEST = 0.2;

addEventListener("beforeprint", () => {
  const board = document.getElementById("board");
  if (!board) return;
  const zoom = Math.max(SMALLEST, Math.min(LARGEST, SHEET / board.scrollWidth));
  document.documentElement.style.setProperty("--print-zoom", zoom.toFixed(3));
});
