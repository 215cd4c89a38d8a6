// When htmx gets no answer at all, say so where the page says such things. What was typed stays where it is.
let failed = null;

function tell(event) {
  const place = document.getElementById("notice");
  const words = document.getElementById("words-unreachable");
  if (!place || !words) return;
  failed = event.detail.elt ?? event.target;
  place.replaceChildren(words.content.cloneNode(true));
  place.querySelector("[data-try-again]")?.addEventListener("click", tryAgain);
}

function tryAgain() {
  document.getElementById("notice").replaceChildren();
  if (failed instanceof HTMLFormElement) failed.requestSubmit();
  else if (failed?.isConnected) failed.click();
}

document.addEventListener("htmx:sendError", tell);
document.addEventListener("htmx:timeout", tell);
// What was done makes an earlier complaint untrue. (htmx calls every answer successful that it may swap, 409 and 422 too.)
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.xhr.status < 400) document.getElementById("notice")?.replaceChildren();
});
