// Keys go to places only: none of them sends or decides.
const REST = 1000; // milliseconds in which the second key of "g d" must follow
const PLACES = { d: "desk", p: "projects" };
let waiting = 0;

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function open(key) {
  const link = document.querySelector(`.fs-rail [data-key="${key}"]`);
  link?.click();
  return link !== null;
}


// The search page's box, else the one of this list, else the page to search on.
function search() {
  const box = document.querySelector("[data-search]") ?? document.querySelector("form[role=search] input:not([type=hidden])");
  if (box) box.focus();
  else if (!open("search")) open("projects");
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    search();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const second = event.timeStamp - waiting < REST;
  waiting = 0;
  if (second && event.key in PLACES) open(PLACES[event.key]);
  else if (event.key === "g") waiting = event.timeStamp;
  else if (event.key === "/") {
    event.preventDefault();
    search();
  } else if (event.key === "?") document.getElementById("keys")?.showModal();
});
