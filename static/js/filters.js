// form[data-autosubmit]: a changed filter loads at once; without script its button does.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});
for (const button of document.querySelectorAll("form[data-autosubmit] [data-apply]")) button.hidden = true;
