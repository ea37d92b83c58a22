// The presentation: a layer over everything, in a shadow root of its own. Keys: → ↓ space PageDown forward, ← ↑ PageUp back, Home, End,
// F full screen, Esc leaves. Python wrote all text (escaped there).
const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];

export default function ({ data, parentElement }) {
  let button = parentElement.querySelector(".start");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "start";
    button.textContent = "▶ 投屏演示";
    parentElement.appendChild(button);
  }
  button.onclick = () => open(data);
  // Another screen takes its place: a presentation does not stay over it.
  return () => window.fundwatchStage?.close();
}

function open(data) {
  window.fundwatchStage?.close();
  const host = document.createElement("div");
  host.id = "fundwatch-stage";
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML =
    `<style>${data.css}</style><div class="stage" role="dialog" aria-modal="true" aria-label="投屏演示">${data.html}` +
    `<div class="clock"></div><div class="hint">← → 翻页　F 全屏　Esc 退出</div></div>`;
  document.body.appendChild(host);
  const pages = [...root.querySelectorAll("section")];
  const clock = root.querySelector(".clock");
  let now = 0;

  const show = (wanted) => {
    now = Math.max(0, Math.min(pages.length - 1, wanted));
    pages.forEach((page, place) => page.classList.toggle("now", place === now));
  };
  const tick = () => {
    const time = new Date();
    clock.textContent = [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  };
  const turn = (event) => {
    const { key } = event;
    if (FORWARD.includes(key)) show(now + 1);
    else if (BACK.includes(key)) show(now - 1);
    else if (key === "Home") show(0);
    else if (key === "End") show(pages.length - 1);
    else if (key === "Escape") close();
    else if (key === "f" || key === "F") full();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  };
  // Leaving full screen by Esc reaches the page as this event only, not as a key.
  let wasFull = false;
  const changed = () => {
    if (wasFull && !document.fullscreenElement) close();
    wasFull = Boolean(document.fullscreenElement);
  };
  const beside = (event) => show(now + (event.clientX < window.innerWidth / 3 ? -1 : 1));
  const overflow = document.body.style.overflow;

  function close() {
    document.removeEventListener("keydown", turn, true);
    document.removeEventListener("fullscreenchange", changed);
    clearInterval(timer);
    document.body.style.overflow = overflow;
    host.remove();
    if (document.fullscreenElement) document.exitFullscreen();
    delete window.fundwatchStage;
  }

  document.addEventListener("keydown", turn, true);
  document.addEventListener("fullscreenchange", changed);
  root.querySelector(".stage").addEventListener("click", beside);
  document.body.style.overflow = "hidden";
  const timer = setInterval(tick, 1000);
  setTimeout(() => root.querySelector(".hint").classList.add("gone"), 4000);
  window.fundwatchStage = { close };
  tick();
  show(0);
  full();
}
