// A button for what every browser can do from its menu.
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) window.print();
});
