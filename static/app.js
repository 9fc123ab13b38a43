/* What the browser adds to pages that work without it. */
(() => {
  "use strict";
  const on = (type, act, capture) => document.addEventListener(type, act, capture);
  const confirmed = new WeakSet();

  function say(text) {
    const line = document.createElement("span");
    line.textContent = text;
    document.getElementById("live")?.replaceChildren(line);
  }

  function button(text, look, value) {
    const it = document.createElement("button");
    it.className = `btn ${look}`;
    it.textContent = text;
    it.value = value;
    return it;
  }

  /* One native dialog; `then` runs when the person agrees. */
  function ask(text, then) {
    const box = document.createElement("dialog");
    const form = document.createElement("form");
    const words = document.createElement("p");
    const row = document.createElement("div");
    form.method = "dialog";
    words.id = "confirm-text";
    words.textContent = text;
    row.className = "actions";
    row.append(button("Không", "btn-quiet", ""), button("Đồng ý", "btn-primary", "yes"));
    form.append(words, row);
    box.append(form);
    box.setAttribute("aria-labelledby", words.id);
    box.addEventListener("close", () => {
      box.remove();
      if (box.returnValue === "yes") then();
    });
    document.body.append(box);
    box.showModal();
  }

  const question = (element, event) =>
    event?.submitter?.dataset.confirm || element.dataset.confirm;
  const busy = (element, state) =>
    (element.closest("form") || element).setAttribute("aria-busy", state);

  on("submit", (event) => {
    if (event.target.ariaBusy !== "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const text = question(form, event);
    if (text && !confirmed.delete(form)) {
      event.preventDefault();
      ask(text, () => {
        confirmed.add(form);
        form.requestSubmit(event.submitter);
      });
    } else busy(form, true);
  });

  on("htmx:confirm", (event) => {
    const { elt, triggeringEvent, issueRequest } = event.detail;
    const text = question(elt, triggeringEvent);
    if (!text) return;
    event.preventDefault();
    ask(text, () => issueRequest(true));
  });
  on("htmx:beforeRequest", (event) => busy(event.detail.elt, true));
  on("htmx:afterRequest", (event) => busy(event.detail.elt, false));
  on("htmx:sendError", () =>
    say("Không gửi được vì mất kết nối. Nội dung vẫn còn nguyên; hãy thử lại."));

  /* A swap took the pressed button away: go to the first wrong field, else into the new piece. */
  on("htmx:afterSettle", (event) => {
    const type = event.detail.requestConfig?.triggeringEvent?.type;
    if (document.activeElement !== document.body || !["submit", "click"].includes(type)) return;
    const piece = event.detail.elt;
    piece.querySelector("[aria-invalid], a, button, textarea, summary")?.focus();
  });

  on("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  on("keydown", (event) => {
    const search = document.getElementById("top-q");
    if (event.key === "Escape") close(null);
    if (event.key !== "/" || !search || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
  });

  function close(inside) {
    for (const it of document.querySelectorAll(".person[open], .bottom details[open]")) {
      if (it.contains(inside)) continue;
      if (it.contains(document.activeElement)) it.querySelector("summary").focus();
      it.open = false;
    }
  }
  on("click", (event) => close(event.target));
  addEventListener("pageshow", () => document.forms && [...document.forms].forEach((f) => busy(f, false)));
})();
