// Nothing typed is lost, whatever the answer. What a person types into a form is kept for this tab until the server has
// it, and put back when the form is shown again after a failure, a lost session or a closed lid.
//
// One entry per person, page and form: { values, sent, path }. `sent` marks a form that was sent off; a page that comes
// as its answer, and is no failure, proves that it arrived, and the entry goes. Passwords and hidden fields are not kept.
const PREFIX = "keep:";
const person = document.body.dataset.person ?? "";
const REST = 200; // milliseconds after the last key

// Forms without an id are told apart by where they lead and by their order among those that lead there.
function nameOf(form) {
  const alike = [...document.forms].filter((other) => !other.id && other.getAttribute("action") === form.getAttribute("action"));
  const own = form.id || `${form.getAttribute("action") ?? ""}#${alike.indexOf(form)}`;
  return `${PREFIX}${person}:${location.pathname}:${own}`;
}

const keepable = (form) =>
  person !== "" &&
  form.method === "post" &&
  form.dataset.keep !== "off" &&
  form.closest("main") !== null &&
  !form.querySelector("input[type=password]");

const fieldsOf = (form) =>
  [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type=hidden], [type=file], [type=submit], [type=button])"));

const valueOf = (field) => {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked;
  if (field.matches("select[multiple]")) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
};

// Radios and ticks share a name, so their value belongs to the key.
const keyOf = (field) => (field.matches("[type=checkbox], [type=radio]") ? `${field.name}=${field.value}` : field.name);

function put(field, value) {
  if (typeof value === "boolean") field.checked = value;
  else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
}

function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, entry) {
  try {
    sessionStorage.setItem(name, JSON.stringify(entry));
  } catch {
    // A full or forbidden storage keeps nothing; the form still works.
  }
}

const keptNames = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));

function keep(form, sent = false) {
  const values = Object.fromEntries(fieldsOf(form).map((field) => [keyOf(field), valueOf(field)]));
  write(nameOf(form), { values, sent, path: location.pathname });
}

function settle() {
  const failed = "failed" in document.body.dataset;
  const cameBack = ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
  const from = !cameBack && document.referrer ? new URL(document.referrer).pathname : null;
  for (const name of keptNames()) {
    const entry = read(name);
    if (!entry?.sent) continue;
    if (failed) write(name, { ...entry, sent: false });
    else if (entry.path === from) sessionStorage.removeItem(name);
  }
}

function restore(form) {
  const entry = read(nameOf(form));
  if (!entry) return;
  const differing = fieldsOf(form).filter((field) => {
    const kept = entry.values[keyOf(field)];
    return kept !== undefined && JSON.stringify(kept) !== JSON.stringify(valueOf(field));
  });
  if (!differing.length) return;
  for (const field of differing) put(field, entry.values[keyOf(field)]);
  const words = document.getElementById("words-kept");
  if (!words) return;
  const note = document.createElement("div");
  note.className = "mb-3";
  note.append(words.content.cloneNode(true));
  note.querySelector("[data-drop-kept]").addEventListener("click", () => {
    sessionStorage.removeItem(nameOf(form));
    form.reset();
    note.remove();
  });
  form.prepend(note);
}

let timer;
document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form || !keepable(form)) return;
  clearTimeout(timer);
  timer = setTimeout(() => keep(form), REST);
});
document.addEventListener("submit", ({ target }) => {
  clearTimeout(timer);
  if (keepable(target)) keep(target, true);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt?.closest?.("form");
  // htmx calls every answer successful that it may swap, 409 and 422 too.
  if (form && detail.successful && detail.xhr.status < 400 && detail.requestConfig?.verb !== "get") {
    clearTimeout(timer);
    sessionStorage.removeItem(nameOf(form));
  }
});

settle();
for (const form of document.forms) if (keepable(form)) restore(form);
