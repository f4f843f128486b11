// Figures as text. All functions are pure.

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes with a binary unit and three significant digits. */
export function bytes(value) {
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** A count with thin groups of three digits. */
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** Nanoseconds as the unit that suits them. */
export function duration(nanoseconds) {
  const seconds = nanoseconds / 1e9;
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 120) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (nanoseconds === 0) return "0 s";
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(1)} ms`;
  return `${(seconds * 1e6).toFixed(0)} µs`;
}

/** A part of a whole in percent, empty when there is no whole. */
export function share(part, whole) {
  if (!whole) return "";
  const percent = (100 * part) / whole;
  return percent >= 9.95 ? `${percent.toFixed(0)} %` : `${percent.toFixed(1)} %`;
}

/** The figures a table or the tree can go by. */
export const metrics = [
  { key: "liveBytes", label: "Live bytes", text: bytes },
  { key: "liveBlocks", label: "Live blocks", text: count },
  { key: "allocatedBytes", label: "Allocated bytes", text: bytes },
  { key: "allocations", label: "Allocations", text: count },
  { key: "peakBytes", label: "Bytes at peak", text: bytes },
  { key: "temporaries", label: "Temporary blocks", text: count },
];
