/* Names offered while an @ is typed: arrows choose, Enter or Tab takes, Escape leaves. */
(() => {
  "use strict";
  const NAME = /(?:^|[^\p{L}\p{N}_.@])@([^@\n]{0,40})$/u;
  const PAUSE = 200;
  let field = null, box = null, start = 0, asked = 0, timer;

  const options = () => (box ? [...box.querySelectorAll("[role=option]")] : []);
  const chosen = () => options().find((it) => it.ariaSelected === "true");

  function close() {
    clearTimeout(timer);
    asked += 1; // an answer that is still under way comes too late
    box?.remove();
    box = null;
    field?.removeAttribute("aria-activedescendant");
    field?.removeAttribute("aria-controls");
  }

  function choose(option) {
    for (const it of options()) it.ariaSelected = String(it === option);
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    const name = `${option.dataset.mention} `;
    field.setRangeText(name, start, field.selectionStart, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  async function offer(words) {
    const mine = (asked += 1);
    const address = `${field.dataset.mentions}?${new URLSearchParams({ q: words })}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    if (mine !== asked) return;
    box?.remove();
    box = null;
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const list = holder.content.firstElementChild;
    if (!list?.childElementCount) return close();
    field.after(list);
    box = list;
    field.setAttribute("aria-controls", list.id);
    choose(options()[0]);
    const live = document.getElementById("live");
    const line = document.createElement("span");
    line.className = "visually-hidden";
    line.textContent = `${options().length} gợi ý; phím mũi tên để chọn, Enter để lấy.`;
    live?.replaceChildren(line);
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.dataset?.mentions) return;
    if (field !== target) close();
    field = target;
    const found = NAME.exec(field.value.slice(0, field.selectionStart));
    if (!found) return close();
    start = field.selectionStart - found[1].length;
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE, found[1]);
  });
  document.addEventListener("keydown", (event) => {
    if (!box || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey) return;
    const all = options(), at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(all[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("#mentions [role=option]");
    if (!option) return;
    event.preventDefault(); // the focus stays in the text
    take(option);
  });
  document.addEventListener("focusout", ({ target }) => target === field && close());
})();
