// A retain cycle as a picture: its objects in a column, an arrow for each reference, the last leading back to the top.

import { picture, place } from "#page/elements";

const box = { height: 46, gap: 44 };

/** As many letters of a text as fit; where a type's name is long, its end says more than its beginning. */
export function fitted(text, letters) {
  return text.length <= letters ? text : `…${text.slice(text.length - letters + 1)}`;
}

/** A type's name with the last part of each path in it. */
export function withoutModules(name) {
  return name.replace(/\b[A-Za-z_][A-Za-z0-9_]*\.(?=[A-Za-z_(])/g, "");
}

/** How a field is called at its arrow: what it refers to stands in the box that the arrow leads to. */
export function fieldLabel(field) {
  return `.${field.replace(/ \(.*\)$/, "")}`;
}

/**
 * @param {object} cycle a row of the report's cycles
 * @param {number} width how wide the picture may be
 */
export function cyclePicture(cycle, width) {
  const { members, edges, suggestedEdge } = cycle;
  const margin = Math.min(180, width * 0.32);
  const boxWidth = Math.min(width - margin - 8, 520);
  const letters = Math.floor((boxWidth - 20) / 7.9);
  const side = Math.floor((margin - (members.length === 1 ? 40 : 26)) / 7);
  const y = (index) => 6 + index * (box.height + box.gap);
  const height = y(members.length - 1) + box.height + 30;
  const describe = members.map((member, index) =>
    `${member.type}.${edges[index].field} refers to ${members[(index + 1) % members.length].type}`);
  const svg = picture("svg", { class: "cycle-picture", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `Retain cycle: ${describe.join(", ")}.` },
    picture("defs", {}, ...["plain", "cut"].map((kind) => picture("marker",
      { id: `arrow-${kind}`, class: `arrow ${kind}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7,
      orient: "auto-start-reverse" },
      picture("path", { d: "M0 0L10 5L0 10z" })))));
  members.forEach((member, index) => {
    svg.append(picture("g", {}, picture("title", {}, `${member.type}${member.address ? ` at ${member.address}` : ""}`),
      picture("rect", { class: "object", x: 2, y: y(index), width: boxWidth, height: box.height, rx: 7 }),
      picture("text", { class: "type", x: 12, y: y(index) + 19 },
        fitted(member.type.length > letters ? withoutModules(member.type) : member.type, letters)),
      picture("text", { class: "where", x: 12, y: y(index) + 36 }, fitted([member.function, member.file ? place(member)
        : ""].filter(Boolean).join(" · "), Math.floor((boxWidth - 20) / 6)))));
  });
  edges.forEach((edge, index) => {
    const kind = index === suggestedEdge ? "cut" : "plain";
    const isBack = index === members.length - 1;
    const label = fieldLabel(edge.field);
    const start = y(index) + box.height;
    const path = isBack
      ? `M${boxWidth + 2} ${y(index) + box.height / 2} C${boxWidth + 34} ${y(index) + box.height / 2} ${boxWidth + 34} ${y(0) + box.height / 2} ${boxWidth + 4} ${y(0) + box.height / 2}`
      : `M30 ${start}L30 ${start + box.gap - 2}`;
    const text = isBack
      ? { x: boxWidth + (members.length === 1 ? 44 : 30), y: (y(index) + y(0) + box.height) / 2 + 4, letters: side }
      : { x: 42, y: start + 26, letters: Math.floor((width - 60) / 7) };
    svg.append(picture("path", { class: `edge ${kind}`, d: isBack && members.length === 1 ? selfLoop(boxWidth, y(0)) : path,
      "marker-end": `url(#arrow-${kind})` }),
      picture("text", { class: `field ${kind}`, x: text.x, y: text.y },
        fitted(label, Math.max(text.letters - (kind === "cut" && !isBack ? 14 : 0), 8)),
        kind === "cut" && !isBack ? picture("tspan", { class: "cutword", dx: 10 }, "make this weak") : null,
        picture("title", {}, kind === "cut" ? `${label} – the reference to make weak` : label)));
    if (kind === "cut" && isBack)
      svg.append(picture("text", { class: "cutword", x: text.x, y: text.y + 15 }, fitted("make weak", Math.max(side, 9))));
  });
  return svg;
}

function selfLoop(right, top) {
  const middle = top + box.height / 2;
  return `M${right - 40} ${top + box.height} C${right - 40} ${top + box.height + 34} ${right + 44} ${middle + 30} ${right + 4} ${middle}`;
}
