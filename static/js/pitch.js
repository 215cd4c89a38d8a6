// The live pitch: htmx saves and swaps, this keeps the reader where he is. What he opened stays open, what he focused
// stays focused, a figure that moved is tinted, a refused box says so, and the net benefit is spoken once he rests.
const REST = 1000; // milliseconds of rest before the number is spoken

const result = () => document.getElementById("pitch-result");
const shown = () => [...document.querySelectorAll("#pitch-month, #pitch-result summary")];
const textOf = (element) => element.firstChild?.textContent.trim() ?? "";
const focusable = () => [...result().querySelectorAll("summary, a, button")];

let before = null;
let spoken = result()?.dataset.spoken;
let timer;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id !== "pitch-result") return;
  before = {
    open: [...result().querySelectorAll("details")].map((fold) => fold.open),
    focus: focusable().indexOf(document.activeElement),
    figures: shown().map(textOf),
  };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!before || !result()) return;
  const { open, focus, figures } = before;
  before = null;
  result().querySelectorAll("details").forEach((fold, place) => {
    if (place in open) fold.open = open[place];
  });
  focusable()[focus]?.focus({ preventScroll: true });
  shown().forEach((figure, place) => figure.classList.toggle("fs-changed", figures[place] !== textOf(figure)));
  document.getElementById("pitch-gate")?.matches("[role=alert]") && document.getElementById("pitch-gate").scrollIntoView({ block: "center" });
  refuse();
  speak();
});

// A box whose line beneath is an error says so to those who don't see it.
function refuse() {
  for (const said of document.querySelectorAll("#pitch [id$=_said]")) {
    const box = document.getElementById(said.id.replace(/_said$/, ""));
    if (!box) continue;
    const isRefused = said.querySelector(".fs-err") !== null;
    box.classList.toggle("is-invalid", isRefused);
    if (isRefused) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}

function speak() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const words = result()?.dataset.spoken;
    if (!words || words === spoken) return;
    spoken = words;
    document.getElementById("pitch-spoken").textContent = words;
  }, REST);
}

// "not known yet?" writes the words into its box, as a person would.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-fill]");
  const box = button && document.getElementById(button.dataset.fill);
  if (!box) return;
  box.value = button.dataset.words;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
