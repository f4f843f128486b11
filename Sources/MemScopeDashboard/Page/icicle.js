// A tree as rectangles on a canvas: the root on top, what it is made of below. Only what can be seen is drawn.

import { element } from "#page/elements";
import { changeColour, onThemeChange, palette } from "#page/palette";

const rowHeight = 20;
const narrowest = 1;
const glyphs = { async: "⤷ ", creation: "✦ " };

/**
 * @typedef {object} Wishes
 * @property {(node: number) => void} select a rectangle was chosen
 * @property {(node: number) => string} tell what to say of a rectangle beside its name
 */

export class Icicle {
  /** @param {Wishes} wishes */
  constructor(label, wishes) {
    this.wishes = wishes;
    this.canvas = element("canvas", { tabindex: "0", role: "application", "aria-label": label, class: "icicle" });
    this.tip = element("div", { class: "tip", hidden: true });
    this.host = element("div", { class: "picture" }, this.canvas, this.tip);
    this.selected = 0;
    this.from = 0;
    this.to = 1;
    this.flipped = false;
    this.found = null;
    this.frame = 0;
    new ResizeObserver(() => this.resize()).observe(this.host);
    // A view that is left must not be kept by the window.
    this.life = new AbortController();
    const { signal } = this.life;
    addEventListener("scroll", () => this.request(), { passive: true, signal });
    // A taller window shows more of the picture, which itself stays as it was.
    addEventListener("resize", () => this.request(), { signal });
    onThemeChange(() => this.request(true), { signal });
    this.listen();
  }

  /**
   * Draws another shape from now on.
   * @param {import("#page/shape").Shape} shape
   */
  show(shape) {
    this.shape = shape;
    this.selected = 0;
    this.from = 0;
    this.to = Math.max(shape.total, Number.MIN_VALUE);
    // Asked for once: they are needed for each frame.
    this.colourNames = Array.from({ length: shape.size }, (_, node) => this.colour(node));
    this.marks = Array.from({ length: shape.size }, (_, node) => (node === 0 ? "" : shape.describe.mark(shape.origin[node])));
    this.resize();
  }

  /** Brings a node to full width. */
  zoom(node, isAnimated = true) {
    const { shape } = this;
    this.selected = node;
    this.moveTo(shape.start[node], shape.start[node] + shape.value[node], isAnimated);
  }

  moveTo(from, to, isAnimated) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const [oldFrom, oldTo] = [this.from, this.to];
    const began = performance.now();
    cancelAnimationFrame(this.animation);
    const finish = () => {
      [this.from, this.to] = [from, to];
      this.resize();
    };
    if (!isAnimated || calm || document.hidden) return finish();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / 160));
      if (part >= 1) return finish();
      const eased = 1 - (1 - part) ** 3;
      this.from = oldFrom + (from - oldFrom) * eased;
      this.to = oldTo + (to - oldTo) * eased;
      this.draw();
      this.animation = requestAnimationFrame(step);
    };
    this.animation = requestAnimationFrame(step);
  }

  resize() {
    if (!this.shape || !this.host.isConnected) return;
    this.width = this.host.clientWidth;
    if (this.width === 0) return;
    this.rows = this.shape.rows((narrowest * (this.to - this.from)) / this.width, this.from, this.to);
    // Browsers refuse canvases of more than 32 767 points; deeper rows than those are rare and stay out.
    this.ratio = Math.min(devicePixelRatio || 1, 32_000 / (this.rows * rowHeight));
    this.height = this.rows * rowHeight;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.canvas.style.height = `${this.height}px`;
    this.clear();
    this.draw();
  }

  /** The whole canvas in the colour of the page: what is not drawn yet is black otherwise. */
  clear() {
    const context = this.canvas.getContext("2d", { alpha: false });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = palette().surface;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.isStale = false;
  }

  request(clears = false) {
    if (!this.host.isConnected && this.width) this.life.abort();
    this.isStale ||= clears;
    if (this.frame || !this.host.isConnected) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.isStale) this.clear();
      this.draw();
    });
  }

  draw() {
    const { shape, canvas } = this;
    if (!shape || !this.width || !this.host.isConnected) return;
    const context = canvas.getContext("2d", { alpha: false });
    const box = canvas.getBoundingClientRect();
    const isPrinting = document.documentElement.classList.contains("printing");
    const top = isPrinting ? 0 : Math.max(0, -box.top - 2 * rowHeight);
    const bottom = isPrinting ? this.height : Math.min(this.height, innerHeight - box.top + 2 * rowHeight);
    this.colours = palette();
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = this.colours.surface;
    context.fillRect(0, top, this.width, Math.max(bottom - top, 0));
    context.font = '12px system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif';
    context.textBaseline = "middle";
    const lastRow = this.flipped ? Math.ceil((this.height - top) / rowHeight) : Math.ceil(bottom / rowHeight);
    const scale = this.width / (this.to - this.from);
    const pending = [0];
    while (pending.length > 0) {
      const node = pending.pop();
      this.rectangle(context, node, scale, top, bottom);
      if (shape.depth[node] >= lastRow) continue;
      for (let index = shape.firstChild[node]; index < shape.childEnd[node]; index += 1) {
        const child = shape.childList[index];
        if (shape.value[child] * scale < narrowest) {
          this.remainder(context, node, child, scale);
          break;
        }
        if (shape.start[child] < this.to && shape.start[child] + shape.value[child] > this.from) pending.push(child);
      }
    }
  }

  top(depth) {
    return this.flipped ? this.height - (depth + 1) * rowHeight : depth * rowHeight;
  }

  rectangle(context, node, scale, top, bottom) {
    const { shape, colours } = this;
    const y = this.top(shape.depth[node]);
    if (y + rowHeight < top || y > bottom) return;
    const left = Math.max(0, (shape.start[node] - this.from) * scale);
    const right = Math.min(this.width, (shape.start[node] + shape.value[node] - this.from) * scale);
    const width = right - left;
    const mark = this.marks[node];
    const isDim = this.found && this.found[node] === 0;
    if (isDim) context.globalAlpha = 0.35;
    context.fillStyle = colours[this.colourNames[node]];
    context.fillRect(left, y, Math.max(width - 1, 0.5), rowHeight - 1);
    if (mark && width > 3) {
      context.fillStyle = colours[mark === "async" ? "await" : "creation"];
      context.fillRect(left, y, Math.min(4, width - 1), rowHeight - 1);
    }
    if (this.found?.[node] === 2) {
      context.fillStyle = colours.found;
      context.fillRect(left, y + rowHeight - 4, Math.max(width - 1, 0.5), 3);
    }
    if (width > 26) {
      context.fillStyle = colours["hue-text"];
      const indent = mark ? 8 : 5;
      const text = this.text(node, mark);
      const fits = Math.floor((width - indent - 3) / 6.1);
      const shown = text.length > fits ? `${text.slice(0, Math.max(fits - 1, 1))}…` : text;
      context.fillText(shown, left + indent, y + rowHeight / 2, width - indent - 3);
    }
    if (isDim) context.globalAlpha = 1;
    if (node === this.selected && node !== 0) {
      context.strokeStyle = colours.text;
      context.lineWidth = 2;
      context.strokeRect(left + 1, y + 1, Math.max(width - 3, 1), rowHeight - 3);
    }
  }

  text(node, mark) {
    const { shape } = this;
    const sign = shape.before ? (shape.after[node] > shape.before[node] ? "+ " : shape.after[node] < shape.before[node] ? "− " : "")
      : "";
    return sign + (glyphs[mark] ?? "") + shape.label(node);
  }

  colour(node) {
    const { shape } = this;
    if (shape.before) return changeColour((shape.after[node] - shape.before[node]) / Math.max(shape.after[node], shape.before[node],
      1));
    return node === 0 ? "hue-0" : `hue-${shape.describe.hue(shape.origin[node])}`;
  }

  /** Children too narrow to be seen are one grey rectangle. */
  remainder(context, node, child, scale) {
    const { shape } = this;
    const last = shape.childList[shape.childEnd[node] - 1];
    const left = Math.max(0, (shape.start[child] - this.from) * scale);
    const width = Math.min(this.width, (shape.start[last] + shape.value[last] - this.from) * scale) - left;
    if (width < 0.5) return;
    context.fillStyle = this.colours["hue-0"];
    context.fillRect(left, this.top(shape.depth[child]), width, rowHeight - 1);
  }

  /** The node at a point of the canvas, or -1. */
  at(event) {
    const y = this.flipped ? this.height - event.offsetY : event.offsetY;
    return this.shape.nodeAt(Math.floor(y / rowHeight), this.from + (event.offsetX / this.width) * (this.to - this.from));
  }

  listen() {
    const { canvas } = this;
    let drag = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) drag = { x: event.clientX, from: this.from, to: this.to, moved: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drag) return this.hover(event);
      const shift = ((drag.x - event.clientX) / this.width) * (drag.to - drag.from);
      if (!drag.moved && Math.abs(event.clientX - drag.x) < 4) return;
      if (!drag.moved) canvas.setPointerCapture(event.pointerId);
      drag.moved = true;
      this.pan(drag.from + shift, drag.to - drag.from);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (drag && !drag.moved) {
        const node = this.at(event);
        if (node >= 0) this.wishes.select(node);
      } else if (drag) {
        this.resize();
      }
      drag = null;
    });
    canvas.addEventListener("pointercancel", () => { drag = null; });
    canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    // Without Ctrl the wheel stays the page's.
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const at = this.from + (event.offsetX / this.width) * (this.to - this.from);
      const factor = Math.exp(event.deltaY * 0.004);
      const width = Math.min((this.to - this.from) * factor, this.shape.total);
      this.pan(at - (event.offsetX / this.width) * width, width);
    }, { passive: false });
  }

  pan(from, width) {
    this.from = Math.min(Math.max(0, from), Math.max(this.shape.total - width, 0));
    this.to = this.from + Math.max(width, this.shape.total / 1e7, Number.MIN_VALUE);
    this.request();
  }

  hover(event) {
    const node = this.at(event);
    this.tip.hidden = node < 0 || event.pointerType === "touch";
    if (this.tip.hidden) return;
    if (node !== this.hovered) {
      this.hovered = node;
      this.tip.replaceChildren(element("strong", {}, this.shape.label(node)), element("div", {}, this.wishes.tell(node)));
    }
    const x = Math.min(event.offsetX + 14, this.width - this.tip.offsetWidth - 4);
    this.tip.style.transform = `translate(${Math.max(x, 0)}px, ${event.offsetY + 18}px)`;
  }
}
