// Keys for the whole page, and the help that lists them.

import { button, element } from "#page/elements";

const help = [
  ["/", "search the flame graph, or filter the first list of a view that has one"], ["Escape", "leave a field; in the flame graph, back to the whole"],
    ["n  p", "next and previous view"],
  ["↑ ↓ ← →", "move in the flame graph or the list, once it has the focus"], ["Enter", "bring the selected frame to full width"],
  ["Ctrl + wheel", "zoom the flame graph; drag to move"], ["?", "this help"],
];

/** The dialog with the keys. */
export function helpDialog() {
  const dialog = element("dialog", { class: "help", "aria-label": "Keys" }, element("h2", {}, "Keys"),
    element("dl", {}, ...help.flatMap(([key, text]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, text)])),
    element("p", { class: "muted" },
      "The address keeps view, figure, filter and selection: copy it to show someone the same. In a file that you send along, they see what you see."));
  dialog.append(button("Close", () => dialog.close()));
  return dialog;
}

/**
 * The field that takes the keys, if one does.
 * @param {EventTarget | null} target
 */
function typedInto(target) {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  return isField && target.type !== "checkbox" ? target : null;
}

/** @param {{step: (by: number) => void, dialog: HTMLDialogElement, view: () => HTMLElement}} page */
export function listen({ step, dialog, view }) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = typedInto(event.target);
    if (event.key === "Escape" && field) {
      if (field.type === "search" && field.value) {
        field.value = "";
        field.dispatchEvent(new Event("input"));
      } else {
        field.blur();
      }
      event.preventDefault();
      return;
    }
    if (field || dialog.open) return;
    const act = {
      "/": () => /** @type {HTMLInputElement | null} */ (view().querySelector("input.search"))?.focus(), "?": () => dialog.showModal(), n: () => step(1), p: () => step(-1),
    }[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });
}
