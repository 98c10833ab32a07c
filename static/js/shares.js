// Says under every dimension what the typed shares add up to.
for (const group of document.querySelectorAll("form[data-shares] fieldset")) {
  const inputs = [...group.querySelectorAll("input")];
  const output = group.querySelector("[data-sum]");
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

  const say = () => {
    const typed = inputs.filter((input) => input.value !== "");
    const sum = typed.reduce((total, input) => total + (Number(input.value) || 0), 0);
    output.textContent = typed.length ? format.format(sum) : "–";
    output.classList.toggle("off", typed.length > 0 && Math.abs(sum - 100) > 0.051);
  };

  group.addEventListener("input", say);
  say();
}
