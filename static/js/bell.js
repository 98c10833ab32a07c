// The number at the bell: how many notifications are new. Asked once per page, and when talk arrives.
const place = document.querySelector("[data-bell]");

async function refresh() {
  try {
    const answer = await fetch(place.dataset.bell, { headers: { "X-Requested-With": "fetch" } });
    // Signed out meanwhile: the answer would be the sign-in page.
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
  } catch {
    // Without the server the bell stays as it is; whatever is done next says so.
  }
}

if (place) {
  refresh();
  document.addEventListener("map:news", (event) => event.detail?.talk && refresh());
  document.addEventListener("map:talk", refresh);
}
