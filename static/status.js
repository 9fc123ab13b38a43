/* An open status page: looks for news, says how old it is when nothing answers, and takes turns on a wall. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const age = $("#age");
  const refresh = $("#status").dataset.refresh * 1000, turn = $("#status").dataset.turn * 1000;
  const clock = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  let good = Date.now(), shown = "", isLost = false;

  function since(moment) {
    const minutes = Math.round((Date.now() - moment) / 60_000);
    return minutes < 120 ? `${minutes} phút` : `${Math.floor(minutes / 60)} giờ`;
  }
  function tell() {
    const words = isLost ? age.dataset.lost : age.dataset.fresh;
    age.textContent = words.replace("{time}", clock.format(good)).replace("{age}", since(good));
    age.classList.toggle("is-lost", isLost);
    if (isLost) age.setAttribute("role", "alert");
    else age.removeAttribute("role");
  }

  /* What stands here stays until something better has come; an answer that is no such page is none. */
  async function look() {
    try {
      const answer = await fetch(location.href, {
        cache: "no-cache",
        headers: { "X-Status-Refresh": "1" },
        signal: AbortSignal.timeout(20_000),
      });
      if (answer.status === 404) return location.reload(); // it has ended: nothing of it may stay
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (text !== shown) put(new DOMParser().parseFromString(text, "text/html"));
      shown = text;
      good = Date.now();
      isLost = false;
    } catch {
      isLost = true;
    }
    tell();
  }
  function put(page) {
    const script = "script[src*='status.js']";
    if (!$("#status", page)) throw new Error("another page");
    if ($(script, page).getAttribute("src") !== $(script).getAttribute("src")) return location.reload();
    for (const part of ["#status", ".status-head > div"]) $(part).replaceChildren(...$(part, page).childNodes);
    if (isWall) show();
  }
  setInterval(() => document.hidden || look(), refresh);
  setInterval(() => isLost && tell(), 10_000);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());

  /* On the wall one block stands at a time; what is taller than the screen takes several turns. */
  const isWall = document.body.classList.contains("is-wall");
  let place = 0, part = 0, isPaused = false;
  function show() {
    const blocks = document.querySelectorAll("[data-block]");
    place = blocks.length ? place % blocks.length : 0;
    blocks.forEach((block, number) => { block.hidden = number !== place; });
    const now = blocks[place];
    if (now) now.scrollTop = part * now.clientHeight;
    $(".turn").textContent = `${place + 1} / ${blocks.length}`;
  }
  function next() {
    const now = $("[data-block]:not([hidden])");
    const hasMore = now && now.scrollHeight > (part + 1) * now.clientHeight + 4;
    part = hasMore ? part + 1 : 0;
    if (!hasMore) place += 1;
    show();
  }
  if (isWall) {
    document.body.classList.add("is-turning");
    show();
    setInterval(() => isPaused || next(), turn);
    document.addEventListener("keydown", ({ key }) => key === "ArrowRight" && next());
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-pause]");
      if (!button) return;
      isPaused = !isPaused;
      button.textContent = isPaused ? "Xoay tiếp" : "Dừng xoay";
    });
  }
})();
