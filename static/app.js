/* What the browser adds to pages that work without it. */
(() => {
  "use strict";
  const on = (type, act, capture) => document.addEventListener(type, act, capture);
  const all = (selector) => document.querySelectorAll(selector);
  const confirmed = new WeakSet();
  const question = (element, event) =>
    event?.submitter?.dataset.confirm || element.dataset.confirm;
  const busy = (element, state) => ((element.closest("form") || element).ariaBusy = state);

  /* One native dialog; `then` runs when the person agrees. */
  function ask(text, then) {
    const box = document.createElement("dialog");
    box.setAttribute("aria-labelledby", "question");
    box.innerHTML =
      '<form method="dialog"><p id="question"></p><div class="actions">' +
      '<button class="btn btn-quiet">Không</button>' +
      '<button class="btn btn-primary" value="yes">Đồng ý</button></div></form>';
    box.querySelector("p").textContent = text;
    box.addEventListener("close", () => {
      box.remove();
      if (box.returnValue === "yes") then();
    });
    document.body.append(box);
    box.showModal();
  }

  /* Buttons of a form under way: marked, not `disabled`, which would drop the focus. */
  on("submit", (event) => {
    if (event.target.ariaBusy !== "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const text = question(form, event);
    if (!text || confirmed.delete(form)) return busy(form, "true");
    event.preventDefault();
    ask(text, () => {
      confirmed.add(form);
      form.requestSubmit(event.submitter);
    });
  });
  addEventListener("pageshow", () => all("form[aria-busy]").forEach((form) => busy(form, null)));

  on("htmx:confirm", (event) => {
    const { elt, triggeringEvent, issueRequest } = event.detail;
    const text = question(elt, triggeringEvent);
    if (!text) return;
    event.preventDefault();
    ask(text, () => issueRequest(true));
  });
  on("htmx:beforeRequest", (event) => busy(event.detail.elt, "true"));
  on("htmx:afterRequest", (event) => busy(event.detail.elt, null));
  on("htmx:sendError", ({ detail }) => {
    if (detail.elt.id === "bell") return;
    const line = document.createElement("span");
    line.textContent = "Không gửi được vì mất kết nối. Nội dung vẫn còn nguyên; hãy thử lại.";
    document.getElementById("live")?.replaceChildren(line);
  });

  /* A swap took the pressed button away: go to the first wrong field or what is shown once, else the first field. */
  on("htmx:afterSettle", ({ detail }) => {
    const type = detail.requestConfig?.triggeringEvent?.type;
    const isLost = document.activeElement === document.body && /^(submit|click)$/.test(type);
    if (!isLost || detail.elt.id !== detail.target.id) return;
    const isSeen = (it) => it.checkVisibility?.() ?? true; // else it takes no focus
    const find = (selector) => [...detail.elt.querySelectorAll(selector)].find(isSeen);
    const first = find("[aria-invalid]") || find("[data-first]");
    const within = first || find("select, textarea") || find("a, button, summary");
    (within || document.querySelector(detail.elt.dataset.focus || null))?.focus();
  });

  /* A file that the server would refuse need not travel over a poor line first. */
  on("change", ({ target }) => {
    const { maxMegabytes, tooBig, maxTotal, tooMuch } = target.dataset;
    if (!maxMegabytes) return;
    const sizes = [...target.files].map((file) => file.size / 2 ** 20);
    const isTooBig = sizes.some((size) => size > maxMegabytes);
    const isTooMuch = sizes.reduce((sum, size) => sum + size, 0) > (maxTotal ?? Infinity);
    const text = isTooBig ? tooBig : isTooMuch ? tooMuch : "";
    target.setCustomValidity(text);
    complain(target, text);
  });
  /* The sentence beside a field that only the browser knows to be wrong. */
  function complain(field, text) {
    const id = `${field.id}-size`;
    document.getElementById(id)?.remove();
    field.closest(".field").classList.toggle("has-error", text !== "");
    if (!text) return;
    const line = document.createElement("p");
    Object.assign(line, { id, className: "error", textContent: text, role: "alert" });
    field.after(line);
  }
  /* What is wrong must be seen: a browser cannot point at a field in a closed part of the page. */
  on("invalid", ({ target }) => {
    for (let it = target.closest("details"); it; it = it.parentElement.closest("details")) it.open = true;
  }, true);
  on("click", ({ target }) => target.closest("[data-print]") && print());
  on("click", ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    /* Without HTTPS a page may not write to the clipboard; the marked text is then copied by hand. */
    navigator.clipboard?.writeText(field.value).then(() => { button.textContent = "Đã chép"; });
  });
  on("change", ({ target }) => {
    if (target.matches("[data-autosubmit]")) target.form.requestSubmit();
  });

  /* The bell asks for news, the banner for trouble, a live count for answers, ever more rarely while there is none, and never in a hidden tab. */
  const SOON = 20_000, SELDOM = 300_000;
  let pause = SOON, timer;
  function wait() {
    clearTimeout(timer);
    if (document.hidden) return;
    timer = setTimeout(listen, pause);
    pause = Math.min(pause * 2, SELDOM);
  }
  function waitAnew() {
    pause = SOON;
    wait();
  }
  function listen() {
    const bell = document.getElementById("bell");
    if (!bell || document.hidden) return;
    htmx.trigger(bell, "poll");
    const alarm = document.getElementById("alarm");
    if (alarm) htmx.trigger(alarm, "poll");
    for (const it of all("[data-live]")) htmx.trigger(it, "poll");
    wait();
  }
  on("visibilitychange", () => {
    pause = SOON;
    if (document.hidden) clearTimeout(timer);
    else listen();
  });
  on("htmx:load", ({ target }) => target === document.body && waitAnew());
  on("htmx:afterSwap", ({ target }) => target.matches("#bell, [data-live]") && waitAnew());

  function close(inside) {
    for (const it of all(".person[open], .bottom details[open]")) {
      if (it.contains(inside)) continue;
      if (it.contains(document.activeElement)) it.querySelector("summary").focus();
      it.open = false;
    }
  }
  on("click", ({ target }) => close(target));
  on("keydown", (event) => {
    if (event.key === "Escape") close(null);
    const search = document.getElementById("top-q");
    if (event.key !== "/" || !search || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
  });

  /* A list of rows from the keyboard: j, k or arrows go, Enter opens, Esc closes, x marks. */
  on("keydown", (event) => {
    const list = document.querySelector("[data-keys]");
    if (!list || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest("[data-keys] > *");
    if (event.key === "Escape" && row) {
      event.target.blur(); // what was typed is stored first
      row.querySelector(list.dataset.close)?.click();
    }
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    const step = { j: 1, k: -1, ArrowDown: row && 1, ArrowUp: row && -1 }[event.key];
    if (step) {
      const at = row ? [...list.children].indexOf(row) + step : 0;
      list.children[at]?.querySelector(list.dataset.keys).focus();
      event.preventDefault();
    }
    if (event.key === "x" && row) row.querySelector("[type=checkbox]").click();
  });
  on("change", ({ target }) => {
    if (!target.dataset.checkAll) return;
    const boxes = all(`${target.dataset.checkAll} :is([name=task], [name=pick])`);
    for (const box of boxes) box.checked = target.checked;
  });

  /* How many rows of a list are marked. */
  function count() {
    for (const it of all("[data-count]"))
      it.textContent = all(`${it.dataset.count} [name=pick]:checked`).length;
  }
  on("change", count);
  on("htmx:load", count);
  addEventListener("pageshow", count); // the browser brings marks back with a page

  on("htmx:afterSettle", () =>
    document.querySelector("dialog[data-modal]:not([open])")?.showModal());
  /* Closed once, it stays closed, whatever else is swapped in; what it was opened from may be gone. */
  on("close", ({ target }) => {
    target.removeAttribute("data-modal");
    if (document.activeElement === document.body)
      document.querySelector(target.dataset.focus || null)?.focus();
  }, true);
  on("click", (event) => {
    const link = event.target.closest("[data-dismiss]");
    if (!link) return;
    event.preventDefault();
    link.closest("dialog").close();
  });
})();
