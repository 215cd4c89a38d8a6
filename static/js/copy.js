// <button data-copy="#id">: takes the text of that element along. Where the browser forbids it, the text is selected instead.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  const text = "value" in source ? source.value : source.innerText;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(source);
    return;
  }
  const before = button.innerHTML;
  button.textContent = document.getElementById("words-copied")?.innerHTML ?? button.textContent;
  button.setAttribute("role", "status");
  setTimeout(() => {
    button.innerHTML = before;
    button.removeAttribute("role");
  }, 2000);
});
