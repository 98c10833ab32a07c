// [data-copy="address"] puts that address (or the page's own) on the clipboard and says so.
import { say } from "./messages.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  await navigator.clipboard.writeText(new URL(button.dataset.copy || location.href, location.href).href);
  say(document.getElementById("messages").dataset.copied);
});
