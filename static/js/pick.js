// A menu of colleagues becomes a box to type into: name, nickname, pinyin or its first letters, staff number. The server
// knows the spellings; the menu stays in the form, out of sight, and is what is sent. Without this script it is a menu.
// One that is cut (data-further) holds the first of all colleagues: whoever the server finds may be chosen.
const REST = 150; // milliseconds after the last key
const MOST_SHOWN = 10;

const labelOf = (select) => select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "";
const optionsOf = (select) => [...select.options].filter((option) => option.value);

function row(option) {
  const item = document.createElement("li");
  item.dataset.pk = option.value;
  item.textContent = option.text;
  return item;
}

function enhance(select) {
  const box = document.createElement("input");
  const list = document.createElement("ul");
  const frame = document.createElement("div");
  const isCut = "further" in select.dataset;
  let timer, asked;

  function shut() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    box.ariaExpanded = "false";
    box.removeAttribute("aria-activedescendant");
  }

  function show(items) {
    list.replaceChildren(...items);
    for (const [index, item] of [...list.querySelectorAll("[data-pk]")].entries()) {
      item.id = `${list.id}-${index}`;
      item.role = "option";
      item.ariaSelected = "false";
    }
    list.hidden = !list.children.length;
    box.ariaExpanded = String(!list.hidden);
    box.removeAttribute("aria-activedescendant");
  }

  function local(words) {
    const wanted = words.toLowerCase();
    return optionsOf(select).filter((option) => option.text.toLowerCase().includes(wanted)).slice(0, MOST_SHOWN).map(row);
  }

  async function ask(words) {
    asked?.abort();
    asked = new AbortController();
    const options = optionsOf(select);
    const query = new URLSearchParams({ q: words });
    if (!isCut) query.set("among", options.map((option) => option.value).join(","));
    try {
      const answer = await fetch(`${select.dataset.pick}?${query}`, { signal: asked.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const known = new Set(options.map((option) => option.value));
      show([...page.querySelectorAll("li")].filter((item) => isCut || !item.dataset.pk || known.has(item.dataset.pk)));
    } catch (error) {
      if (error.name !== "AbortError") show(local(words));
    }
  }

  function choose(pk, name) {
    if (isCut && name && !optionsOf(select).some((option) => option.value === pk)) select.add(new Option(name, pk));
    if (select.value !== pk) {
      select.value = pk;
      for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    box.value = labelOf(select);
    shut();
  }

  function step(by) {
    const items = [...list.querySelectorAll("[data-pk]")];
    if (!items.length) return;
    const at = items.findIndex((item) => item.ariaSelected === "true");
    const next = at < 0 ? (by > 0 ? 0 : items.length - 1) : (at + by + items.length) % items.length;
    for (const item of items) item.ariaSelected = String(item === items[next]);
    box.setAttribute("aria-activedescendant", items[next].id);
    items[next].scrollIntoView({ block: "nearest" });
  }

  frame.className = "fs-people";
  list.id = `${select.id}_people`;
  list.role = "listbox";
  list.hidden = true;
  box.id = `${select.id}_pick`;
  box.type = "text";
  box.className = select.className.replace("form-select", "form-control");
  box.role = "combobox";
  box.autocomplete = "off";
  box.spellcheck = false;
  box.required = select.required;
  box.disabled = select.disabled;
  box.placeholder = select.querySelector("option[value='']")?.text ?? "";
  box.ariaAutoComplete = "list";
  box.ariaExpanded = "false";
  box.setAttribute("aria-controls", list.id);
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) box.setAttribute(name, select.getAttribute(name));
  for (const label of [...select.labels]) {
    label.htmlFor = box.id;
    list.ariaLabel = label.textContent.trim();
  }
  select.required = false;
  select.tabIndex = -1;
  select.ariaHidden = "true";
  select.classList.add("visually-hidden");
  select.after(frame);
  frame.append(select, box, list);
  box.value = labelOf(select);

  box.addEventListener("input", (event) => {
    event.stopPropagation(); // what is typed here is no value of the form
    clearTimeout(timer);
    const words = box.value.trim();
    timer = setTimeout(() => (words ? ask(words) : show(local(""))), REST);
  });
  box.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("focus", () => box.select());
  box.addEventListener("click", () => list.hidden && show(local("")));
  box.addEventListener("blur", () => {
    if (!box.value.trim() && select.querySelector("option[value='']")) choose("");
    else choose(select.value);
  });
  box.addEventListener("keydown", (event) => {
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show(local(box.value === labelOf(select) ? "" : box.value.trim()));
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const first = chosen ?? list.querySelector("[data-pk]");
      if (first) choose(first.dataset.pk, first.firstChild.textContent.trim());
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      box.value = labelOf(select);
      shut();
    }
  });
  // Before the box loses the focus, or its list would be gone when the button comes up.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[data-pk]");
    if (item) choose(item.dataset.pk, item.firstChild.textContent.trim());
  });
  select.addEventListener("change", () => (box.value = labelOf(select)));
  select.form?.addEventListener("reset", () => setTimeout(() => (box.value = labelOf(select))));
}

const enhanceIn = (root) => {
  for (const select of root.querySelectorAll("select[data-pick]:not([aria-hidden])")) enhance(select);
};
enhanceIn(document);
document.addEventListener("htmx:load", ({ detail }) => enhanceIn(detail.elt));
