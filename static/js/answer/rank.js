// A ranking to drag, or to move with the arrows beside each line. The selects that stand there
// without scripts stay in the form and carry the places.
export function dress(list) {
  const words = list.dataset;
  const hint = list.previousElementSibling;
  const keep = document.createElement("button");
  keep.type = "button";
  keep.className = "btn quiet";
  keep.textContent = words.keep;
  keep.addEventListener("click", () => write());
  list.after(keep);
  if (hint) hint.textContent = words.hint;
  list.classList.add("live");
  const lines = () => [...list.children];

  for (const line of lines()) {
    const select = line.querySelector("select");
    select.hidden = true;
    const place = document.createElement("span");
    place.className = "place";
    place.setAttribute("aria-hidden", "true");
    line.prepend(place);
    for (const [step, sign, word] of [[-1, "↑", words.up], [1, "↓", words.down]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", `${select.getAttribute("aria-label")}: ${word}`);
      button.addEventListener("click", () => {
        move(line, lines().indexOf(line) + step);
        (button.disabled ? line.querySelector("button:not(:disabled)") : button).focus();
      });
      line.append(button);
    }
    line.addEventListener("pointerdown", (event) => drag(event, line));
  }
  draw();

  function move(line, to) {
    const others = lines().filter((other) => other !== line);
    if (to < 0 || to > others.length) return;
    list.insertBefore(line, others[to] ?? null);
    write();
  }

  function write() {
    lines().forEach((line, at) => (line.querySelector("select").value = at + 1));
    draw();
  }

  function draw() {
    const all = lines();
    const isSaid = all.every((line) => line.querySelector("select").value);
    keep.hidden = isSaid;
    all.forEach((line, at) => {
      line.querySelector(".place").textContent = isSaid ? at + 1 : "–";
      const [up, down] = line.querySelectorAll("button");
      up.disabled = at === 0;
      down.disabled = at === all.length - 1;
    });
    words.said = isSaid ? "yes" : "";
  }

  function drag(event, line) {
    if (event.button || event.target.closest("button")) return;
    event.preventDefault();
    line.setPointerCapture(event.pointerId);
    line.classList.add("moved");
    let from = lines().indexOf(line);
    const follow = (moved) => {
      const others = lines().filter((other) => other !== line);
      const to = others.filter((other) => {
        const box = other.getBoundingClientRect();
        return box.top + box.height / 2 < moved.clientY;
      }).length;
      if (to !== from) move(line, (from = to));
    };
    const end = () => {
      line.classList.remove("moved");
      line.removeEventListener("pointermove", follow);
    };
    line.addEventListener("pointermove", follow);
    line.addEventListener("lostpointercapture", end, { once: true });
  }
}
