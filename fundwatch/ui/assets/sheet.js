// Puts the table that Python wrote (all text escaped there) and reports a click on a row or cell. Ctrl-click and the
// middle button follow the link's own address, which opens the same screen in a new tab.
export default function ({ data, parentElement, setTriggerValue }) {
  let place = parentElement.querySelector(".place");
  if (!place) {
    place = document.createElement("div");
    place.className = "place";
    parentElement.appendChild(place);
  }
  // A run with the same table keeps what a person has unfolded.
  if (place.dataset.html !== data.html) {
    place.dataset.html = data.html;
    place.innerHTML = data.html;
  }
  place.onclick = (event) => {
    const more = event.target.closest("button.more");
    if (more) {
      const open = more.closest("tbody").classList.toggle("open");
      more.setAttribute("aria-expanded", String(open));
      return;
    }
    // a cell of its own comes before its row
    const row = event.target.closest("[data-open]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("opened", row.dataset.open);
  };
}
