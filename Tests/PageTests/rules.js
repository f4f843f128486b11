// Rules of accessibility, run inside the page; returns what breaks one, in words.
() => {
  const broken = [];
  const say = (rule, element) => broken.push(`${rule}: ${element.outerHTML.slice(0, 120)}`);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;

  function nameOf(element) {
    const labelled = element.getAttribute("aria-labelledby");
    if (labelled) return labelled.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
    return (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "").trim();
  }
  for (const element of document.querySelectorAll("a[href], button, input, select, summary, textarea, canvas, svg[role=img], [role=region], nav, dialog[open]")) {
    if (isShown(element) && !nameOf(element)) say("it has no name", element);
  }
  for (const element of document.querySelectorAll("svg:not([role=img]):not([aria-hidden])")) say("a picture says neither what it shows nor that it does not matter", element);
  for (const element of document.querySelectorAll("table")) {
    if (!element.caption) say("a table without a caption", element);
  }
  for (const element of document.querySelectorAll("th")) if (!element.scope) say("a head without a scope", element);
  for (const element of document.querySelectorAll("[tabindex]")) if (element.tabIndex > 0) say("a tab index above zero", element);
  for (const element of document.querySelectorAll("[role=treeitem]")) if (!element.closest("[role=tree]")) say("an item outside of its tree", element);
  for (const element of document.querySelectorAll("ul, ol")) {
    for (const child of element.children) if (child.tagName !== "LI") say("a list with something else than items", child);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, index) => ids.indexOf(id) !== index).forEach((id) => broken.push(`twice the same id: ${id}`));
  if (!document.documentElement.lang) broken.push("the page has no language");
  if (document.querySelectorAll("main").length !== 1 || document.querySelectorAll("h1").length !== 1) broken.push("not one main part and one heading");
  let level = 0;
  for (const element of document.querySelectorAll("main h1, main h2, main h3, main h4, main h5, main h6")) {
    const next = Number(element.tagName[1]);
    if (level > 0 && next > level + 1) say("a heading leaves a level out", element);
    level = next;
  }

  // Contrast after WCAG 2: 4.5 for text, 3 for large text.
  const parse = (text) => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    const isFraction = text.startsWith("color(");
    return { rgb: parts.slice(0, 3).map((part) => (isFraction ? part * 255 : part)), alpha: parts[3] ?? 1 };
  };
  const over = (top, under) => top.rgb.map((part, index) => part * top.alpha + under[index] * (1 - top.alpha));
  const backgroundOf = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(parse(getComputedStyle(at).backgroundColor));
    return layers.reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !isShown(element) || element.closest(".unseen, script, style, option")) continue;
    const style = getComputedStyle(element);
    const isDrawing = element.closest("svg") !== null;
    const background = backgroundOf(isDrawing ? element.closest("svg") : element);
    const text = over(parse(isDrawing ? style.fill : style.color), background);
    const [light, dark] = [luminance(text), luminance(background)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < (isLarge ? 3 : 4.5)) say(`contrast ${contrast.toFixed(2)}`, element);
  }
  return [...new Set(broken)];
}
