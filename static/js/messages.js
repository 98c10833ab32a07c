// The line at the bottom that says what happened: closing it, and saying so when a request failed.
const region = () => document.getElementById("messages");

export function say(text, bad = false) {
  const line = document.createElement("p");
  line.className = bad ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.dismiss = "";
  close.textContent = region().dataset.close;
  line.append(words, close);
  region().replaceChildren(line);
  if (!bad) setTimeout(() => line.remove(), 6000);
}

// What went well leaves by itself; what failed, or offers a way back, stays until it is closed.
for (const line of document.querySelectorAll(".toast:not(.bad):not(:has(a, button:not(.x)))")) setTimeout(() => line.remove(), 8000);

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast, .banner")?.remove());
document.addEventListener("htmx:responseError", () => say(region().dataset.failed, true));
document.addEventListener("htmx:sendError", () => say(region().dataset.offline, true));
document.addEventListener("cxm:say", (event) => say(event.detail.text, event.detail.bad));
