// Which view is shown, and how: kept in the part of the URL behind #, so that a link shows another reader the same.

/**
 * The view's name and its settings, from an address's part behind #.
 * @param {string} hash
 */
export function parse(hash) {
  const text = hash.replace(/^#/, "");
  const at = text.indexOf("?");
  const view = at < 0 ? text : text.slice(0, at);
  return { view, settings: new URLSearchParams(at < 0 ? "" : text.slice(at + 1)) };
}

/**
 * The other way round; settings that are null or empty are left out.
 * @param {Object<string, unknown>} settings
 */
export function format(view, settings) {
  const kept = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined && value !== ""
    && value !== false);
  const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
  return text ? `#${view}?${text}` : `#${view}`;
}

/** A setting of the view that is shown, or null. */
export function setting(key) {
  return parse(location.hash).settings.get(key);
}

/**
 * Changes settings of the view that is shown, without a step in the browser's history.
 * @param {Object<string, unknown>} changes
 */
export function remember(changes) {
  const { view, settings } = parse(location.hash);
  if (!view) return;
  history.replaceState(null, "", format(view, { ...Object.fromEntries(settings), ...changes }));
}
