// A second press of a button, while the first is on its way, does nothing. (The server would not do it twice either.)
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  if (form.ariaBusy === "true") event.preventDefault();
  else form.ariaBusy = "true";
});
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) form.ariaBusy = null;
});
