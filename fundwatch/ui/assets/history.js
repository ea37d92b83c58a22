// One press of the browser's back button per screen. Going to another screen, Streamlit 1.67 first puts the new parameters
// onto the old screen's address and then the new address: two entries, the first of which is no place a person has been.
// Such an entry names the screen it stands on as the last one of its own trail ("via"). It is held back, and dropped when
// another screen's address follows; when none does, it is put after all.
export default function ({ data }) {
  window.fundwatchScreen = data.screen;
  if (window.fundwatchHistory) return;
  const push = history.pushState.bind(history);
  window.fundwatchHistory = push;
  let held = null;
  history.pushState = (state, title, address) => {
    const to = new URL(address ?? location.href, location.href);
    const trail = (to.searchParams.get("via") ?? "").split(".");
    if (held) clearTimeout(held);
    held = null;
    if (to.pathname === location.pathname && trail.at(-1) === window.fundwatchScreen) {
      held = setTimeout(() => push(state, title, address), 2000);
      return;
    }
    push(state, title, address);
  };
}
