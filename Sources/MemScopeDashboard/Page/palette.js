// Colours of pictures, read from the style sheet, so that light and dark, and the tests of contrast, have one place.

const names = ["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-text", "surface", "text", "muted", "accent",
  "growth-1", "growth-2", "growth-3", "shrink-1", "shrink-2", "shrink-3", "same", "found", "await", "creation"];

let colours = null;

/**
 * The colours in force.
 * @returns {Object<string, string>}
 */
export function palette() {
  if (!colours) {
    const style = getComputedStyle(document.documentElement);
    colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    onThemeChange(() => { colours = null; }, { once: true });
  }
  return colours;
}

/**
 * Calls when light becomes dark or dark light.
 * @param {AddEventListenerOptions} options of the listener
 */
export function onThemeChange(call, options) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", call, options);
  addEventListener("themechange", call, options);
}

/**
 * The colour of a change, in three steps each way.
 * @param {number} part the change as a part of the larger side, -1 to 1
 */
export function changeColour(part) {
  if (Math.abs(part) < 0.01) return "same";
  const step = Math.abs(part) > 0.5 ? 3 : Math.abs(part) > 0.1 ? 2 : 1;
  return `${part > 0 ? "growth" : "shrink"}-${step}`;
}
