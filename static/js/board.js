// The board of a retro: asks every few seconds whether there is something new (304: nothing) and keeps all open pages in
// step: a meeting is one conversation. While somebody types it offers the new board instead of taking this one away.
const EVERY = 2500; // milliseconds

const board = () => document.getElementById("board");
const news = () => document.getElementById("board-news");
let waiting = null;

const TEXTS = "textarea, input:is([type=text], [type=date], [type=time])";
const isTyped = (field) => field.value !== field.defaultValue;

function isBusy() {
  const active = document.activeElement;
  if (active && board().contains(active) && active.matches(`${TEXTS}, select`)) return true;
  return [...board().querySelectorAll(TEXTS)].some(isTyped);
}

function show(html) {
  const kept = [...board().querySelectorAll(TEXTS)].filter((field) => field.id && isTyped(field)).map((field) => [field.id, field.value]);
  const focused = document.activeElement?.id;
  const parsed = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  if (!parsed) return;
  board().replaceWith(parsed);
  window.htmx?.process(parsed);
  for (const [id, value] of kept) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  news().hidden = true;
  waiting = null;
}

async function poll() {
  const { poll: url, pulse, over } = board().dataset;
  if (over !== undefined) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(`${url}?since=${pulse}`, { headers: { "HX-Request": "true" }, redirect: "error" });
      if (answer.status === 200 && board().dataset.pulse === pulse) {
        const html = await answer.text();
        if (isBusy()) {
          waiting = html;
          news().hidden = false;
        } else show(html);
      }
    } catch {
      // No answer: the next round asks again, and what is on the page stays.
    }
  }
  setTimeout(poll, EVERY);
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-show-board]") && waiting) show(waiting);
});
document.addEventListener("htmx:afterSwap", () => {
  news().hidden = true;
  waiting = null;
});
setTimeout(poll, EVERY);
