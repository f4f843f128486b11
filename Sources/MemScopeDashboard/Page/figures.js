// Figures as text. All functions are pure.

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/**
 * Bytes with a binary unit and three significant digits.
 * @param {number|null} value
 */
export function bytes(value) {
  if (value === null || value === undefined) return "–";
  if (value < 0) return `−${bytes(-value)}`;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/**
 * A count with thin groups of three digits.
 * @param {number|null} value
 */
export function count(value) {
  if (value === null || value === undefined) return "–";
  if (value < 0) return `−${count(-value)}`;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/**
 * A change with its sign, so that colour is never the only sign of it.
 * @param {(value: number) => string} text
 */
export function signed(value, text) {
  if (value === null || value === undefined) return "–";
  return value > 0 ? `+${text(value)}` : value < 0 ? `−${text(-value)}` : "±0";
}

/**
 * Nanoseconds as the unit that suits them.
 * @param {number|null} nanoseconds
 */
export function duration(nanoseconds) {
  if (nanoseconds === null || nanoseconds === undefined) return "–";
  const seconds = nanoseconds / 1e9;
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 120) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (nanoseconds === 0) return "0 s";
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(1)} ms`;
  return `${(seconds * 1e6).toFixed(0)} µs`;
}

/**
 * An instant as people write it.
 * @param {string} text as ISO 8601 has it
 */
export function instant(text) {
  return text.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}

/** A part of a whole in percent, empty when there is no whole. */
export function share(part, whole) {
  if (!whole) return "";
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 0.05) return "< 0.1 %";
  return percent >= 9.95 ? `${percent.toFixed(0)} %` : `${percent.toFixed(1)} %`;
}

/** A number with its noun: "1 block", "2 blocks". */
export function plural(value, noun, nouns = `${noun}s`) {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/**
 * A confidence as words and a number.
 * @param {number|null} value from 0 to 1
 */
export function confidence(value) {
  if (value === null || value === undefined) return "inferred";
  return `inferred, ${Math.round(100 * value)} % sure`;
}

/** A round upper end of a scale, in the largest binary unit that fits. */
export function roundUp(value) {
  let unit = 1;
  while (unit * 1024 <= value) unit *= 1024;
  for (const step of [1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400, 600, 800, 1000])
    if (step * unit >= value) return step * unit;
  return 1024 * unit;
}

/**
 * The figures that stacks can be drawn by.
 * @type {{key: string, label: string, says: string, text: (value: number) => string}[]}
 */
export const metrics = [
  { key: "liveBytes", label: "Live bytes", says: "allocated and not freed", text: bytes },
  { key: "liveBlocks", label: "Live blocks", says: "allocated and not freed", text: count },
  { key: "peakBytes", label: "Bytes at the peak", says: "live when the heap was largest", text: bytes },
  { key: "peakBlocks", label: "Blocks at the peak", says: "live when the heap was largest", text: count },
  { key: "allocatedBytes", label: "Allocated bytes", says: "of all allocations, freed or not", text: bytes },
  { key: "allocations", label: "Allocations", says: "all of them, freed or not", text: count },
  { key: "temporaryBytes", label: "Temporary bytes", says: "freed before the thread allocated again", text: bytes },
  { key: "temporaries", label: "Temporary blocks", says: "freed before the thread allocated again", text: count },
  { key: "leakedBytes", label: "Leaked bytes", says: "nothing refers to them any more", text: bytes },
  { key: "leakedBlocks", label: "Leaked blocks", says: "nothing refers to them any more", text: count },
];

/** A figure by its key; the first if there is none of that name. */
export function metric(key) {
  return metrics.find((each) => each.key === key) ?? metrics[0];
}
