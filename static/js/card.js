// Another language of a table card shows at once; nothing is saved by looking.
document.querySelector("[data-card-language]")?.addEventListener("change", (event) => {
  const address = new URL(location.href);
  address.searchParams.set("language", event.target.value);
  location.assign(address);
});
