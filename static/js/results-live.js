// Figures that come by themselves: what a person opened stays open, and the focus stays where it was.
let kept = null;

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target?.id !== "results") return;
  const old = event.detail.target;
  const inside = old.contains(document.activeElement) ? document.activeElement : null;
  kept = {
    open: [...old.querySelectorAll("details[id][open]")].map((details) => details.id),
    // Links have no ids of their own: the same address at the same place is the same link.
    link: inside?.getAttribute("href"),
    place: inside ? [...old.querySelectorAll("a, summary, button, [tabindex]")].indexOf(inside) : -1,
  };
});

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target?.id !== "results" || !kept) return;
  const fresh = document.getElementById("results");
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  if (kept.place >= 0) {
    const all = [...fresh.querySelectorAll("a, summary, button, [tabindex]")];
    const same = kept.link ? all.find((node) => node.getAttribute("href") === kept.link) : null;
    (same ?? all[kept.place])?.focus({ preventScroll: true });
  }
  kept = null;
});
