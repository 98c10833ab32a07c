// The editor saves by itself; whatever leads away from it waits until what was typed is stored.
document.documentElement.dataset.saves = "";

const form = () => document.querySelector("form[data-saving]");
let typed = false; // something stands in the fields that is not on its way yet
let flying = 0;
let waiting = [];

document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-saving]")) typed = true;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.matches?.("form[data-saving]")) return;
  typed = false;
  flying += 1;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.requestConfig?.elt.matches?.("form[data-saving]")) return;
  flying -= 1;
  if (typed && event.detail.successful) return;
  for (const go of waiting.splice(0)) go(event.detail.successful);
});

// Resolves to whether everything typed is stored; at once where nothing is open.
export function stored() {
  if (!form() || !(typed || flying)) return Promise.resolve(true);
  const done = new Promise((resolve) => waiting.push(resolve));
  if (typed) htmx.trigger(form(), "store");
  return done;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !(typed || flying) || event.ctrlKey || event.metaKey || link.target || !form()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await stored()) link.click();
}, true);

document.addEventListener("submit", async (event) => {
  if (event.target.matches("[data-saving]") || !(typed || flying) || !form()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  if (await stored()) event.target.requestSubmit(button);
}, true);

addEventListener("pagehide", () => {
  if (typed && form()) navigator.sendBeacon(form().action, new FormData(form()));
});

// "Save mine": the same fields once more, now knowing of the other's change.
document.addEventListener("click", (event) => {
  const mine = event.target.closest("button[data-revision]");
  if (!mine) return;
  event.preventDefault();
  document.getElementById("revision").value = mine.dataset.revision;
  typed = true;
  stored();
}, true);

// What a rule compares with is said on the button as soon as it is ticked.
document.addEventListener("change", (event) => {
  const menu = event.target.closest("details.drop:has(> summary[data-chosen])");
  if (!menu) return;
  const chosen = [...menu.querySelectorAll("input:checked")].map((box) => box.nextElementSibling.textContent);
  menu.querySelector("summary").textContent = chosen.join(", ") || "…";
});

// A new question goes after the one that is open, and its text is what one writes first.
document.addEventListener("click", (event) => {
  const adding = event.target.closest("form[data-add] button")?.form;
  if (adding) adding.querySelector("[data-after]").value = document.querySelector("#rows > .on")?.dataset.question ?? "";
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  const from = event.detail.requestConfig?.elt;
  if (!from?.matches?.("form[data-add]")) return;
  from.closest("details").open = false;
  const text = document.querySelector("#question-form textarea");
  text?.focus();
  text?.select();
});

// Where list and editor stand below each other, choosing a question leads to it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.verb === "get" && event.detail.target?.id === "editor" && matchMedia("(max-width: 899.98px)").matches) document.getElementById("editor").scrollIntoView();
});
