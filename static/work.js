/* What people type stays in their browser until it is saved; keys and hints for rows of work. */
(() => {
  "use strict";
  const on = (type, act) => document.addEventListener(type, act);
  const KEPT_DAYS = 14;
  const mine = `draft:${document.body.dataset.user}:`;
  let wanted = null; // the draft whose row is being opened

  /* The storage may be full or forbidden: then there are no drafts, and nothing else is lost. */
  function store(act) {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  }
  const drop = (name) => store((kept) => kept.removeItem(mine + name));
  const read = (name) => store((kept) => JSON.parse(kept.getItem(mine + name)));
  const names = (kept) => Object.keys(kept).filter((key) => key.startsWith("draft:"));

  function forgetOld() {
    const oldest = Date.now() - KEPT_DAYS * 86_400_000;
    store((kept) => {
      for (const key of names(kept))
        if (!(JSON.parse(kept.getItem(key))?.at > oldest)) kept.removeItem(key);
    });
  }
  function forgetMine() {
    store((kept) => names(kept).forEach((key) => key.startsWith(mine) && kept.removeItem(key)));
  }

  /* The fields of a place by the names that they have on every page ("17-body" is "body"). */
  const FIELDS = "textarea, select, input:not([type=hidden], [type=file], [type=checkbox], [type=radio])";
  function fieldsOf(place) {
    const found = place.querySelectorAll(FIELDS);
    return Object.fromEntries([...found].map((it) => [it.name.replace(/^\d+-/, ""), it]));
  }
  /* Those into which people write; dates, numbers and choices alone are no draft. */
  const written = (place) =>
    Object.entries(fieldsOf(place)).filter(([, it]) => it.matches("textarea, [type=text]"));
  /* A place whose fields are never empty and save themselves: what differs from the page is new. */
  const isEdit = (place) => place.hasAttribute("data-draft-edits");
  const valueOf = (it) =>
    it.multiple ? [...it.selectedOptions].map((option) => option.value) : it.value;

  function keep({ target }) {
    const place = target.closest("[data-draft]");
    if (!place) return;
    const name = place.dataset.draft;
    const isNew = (it) => (isEdit(place) ? it.value !== it.defaultValue : it.value.trim());
    const changed = written(place).filter(([, it]) => isNew(it));
    if (!changed.length) return drop(name);
    const said = changed[0][1].value;
    const values = {};
    for (const [key, it] of isEdit(place) ? changed : Object.entries(fieldsOf(place)))
      values[key] = valueOf(it);
    store((kept) => kept.setItem(mine + name, JSON.stringify({ at: Date.now(), said, values })));
  }

  function button(text, act) {
    const it = document.createElement("button");
    Object.assign(it, { type: "button", className: "btn btn-quiet btn-sm", textContent: text });
    it.addEventListener("click", act);
    return it;
  }

  function offer(place, draft) {
    const at = new Date(draft.at).toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" });
    const note = document.createElement("div");
    note.className = "note draft";
    const use = button("Dùng lại", () => {
      if (written(place).length) return fill(place, draft);
      wanted = place.dataset.draft;
      place.querySelector("[data-open]").click();
    });
    const leave = button("Bỏ", () => {
      drop(place.dataset.draft);
      note.remove();
    });
    const line = document.createElement("p");
    line.textContent = `Có bản nháp chưa lưu lúc ${at}: ${draft.said}`;
    note.append(line, use, " ", leave);
    const here = place.querySelector("[data-draft-here]");
    if (here) here.append(note);
    else place.prepend(note);
    for (let it = place.closest("details"); it; it = it.parentElement.closest("details"))
      it.open = true; // else nobody would see it
  }

  /* What somebody wrote into a text already is kept in front of what comes back. */
  function fill(place, draft) {
    const fields = fieldsOf(place);
    for (const [name, value] of Object.entries(draft.values)) {
      const it = fields[name];
      if (!it || String(valueOf(it)) === String(value)) continue;
      const isKept = it.matches("textarea") && it.value.trim() && it.value !== it.defaultValue;
      if (it.multiple) for (const option of it.options) option.selected = value.includes(option.value);
      else it.value = isKept ? `${it.value}\n${value}` : value;
    }
    place.querySelector(".draft")?.remove();
    const first = place.querySelector("textarea") || written(place)[0][1];
    first.dispatchEvent(new Event("input", { bubbles: true }));
    if (isEdit(place)) first.dispatchEvent(new Event("change", { bubbles: true }));
    first.focus();
  }

  function show(place) {
    const draft = read(place.dataset.draft);
    if (!draft) return;
    const isWanted = wanted === place.dataset.draft;
    if (isWanted) wanted = null;
    const fields = written(place);
    if (fields.length && isWanted) return fill(place, draft);
    const kept = (name, it) => draft.values[name] ?? (isEdit(place) ? it.value : "");
    if (!fields.length || fields.some(([name, it]) => it.value !== kept(name, it)))
      offer(place, draft);
  }

  /* The text and figure of last time, into fields that are still empty. */
  function reuse(place) {
    for (const last of place.querySelectorAll("[data-last]")) {
      const it = fieldsOf(place)[last.dataset.last];
      if (!it.value.trim()) it.value = last.textContent;
      it.dispatchEvent(new Event("input", { bubbles: true }));
    }
    fieldsOf(place).body.focus();
  }

  on("input", keep);
  /* A form says which draft is its own; what was saved comes back with the answer or the next page. */
  on("formdata", ({ target, formData }) => {
    if (target.dataset.draft) formData.append("draft", target.dataset.draft);
  });
  on("saved", ({ detail }) => detail.value.forEach(drop));
  on("submit", ({ target }) => target.matches("[action$='/logout']") && forgetMine());
  on("htmx:load", ({ target }) => {
    if (target.matches("[data-draft]")) show(target);
    target.querySelectorAll("[data-draft]").forEach(show);
  });
  on("click", (event) => {
    const pressed = event.target.closest("[data-reuse]");
    if (!pressed) return;
    event.preventDefault();
    reuse(pressed.closest("[data-draft]"));
  });
  on("keydown", (event) => {
    const place = event.target.closest("[data-draft]");
    if (!place || !event.target.form) return;
    const isField = event.target.matches("input:not([type=file]), select, textarea");
    if (event.key === "F2" && place.querySelector("[data-last]")) {
      event.preventDefault();
      reuse(place);
    }
    if (event.key !== "Enter" || !isField) return;
    const save = place.querySelector("[data-save]");
    const isLine = save && event.target.matches("input"); // else Enter would press another row's button
    if (!isLine && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (save) save.click();
    else event.target.form.requestSubmit();
  });

  /* A row was saved and closed: on to the next open one. */
  on("htmx:afterSettle", ({ detail }) => {
    const row = detail.elt;
    if (detail.requestConfig?.verb !== "post" || !row.matches(".work-row:not(.is-open)")) return;
    let next = row;
    while (next && !next.matches(".is-open")) next = next.nextElementSibling;
    next?.querySelector("textarea").focus();
  });

  forgetOld();
  document.getElementById("main").dataset.saved?.split(" ").forEach(drop);
})();
