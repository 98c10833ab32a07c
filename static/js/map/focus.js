// ?focus=12-34 leads to the cell of lane 12 and step 34; step-34, lane-12 and phase-5 to headers.
const asked = new URLSearchParams(location.search).get("focus") ?? "";
const cell = /^\d+-\d+$/.test(asked) ? `[data-cell="${asked}"]` : null;
const [, kind, id] = /^(step|lane|phase)-(\d+)$/.exec(asked) ?? [];
const head = kind && `[data-${kind}="${id}"]:is([role=columnheader], [role=rowheader], .step-head, .lane-head)`;
const selector = cell ?? head;
const place = selector && document.querySelector(selector);
if (place) {
  place.scrollIntoView({ block: "center", inline: "center" });
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  // The grid gives its one tab stop away when a cell takes the focus.
  place.focus({ preventScroll: true });
  place.classList.add("found-here");
  place.addEventListener("blur", () => place.classList.remove("found-here"), { once: true });
}
