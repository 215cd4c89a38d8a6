// A toast stays until it is read; then it can be put away.
for (const button of document.querySelectorAll(".fs-toast [data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest(".fs-toast").remove());
}
