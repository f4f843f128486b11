// Where things go on an axis of time. Pure.

/**
 * Puts labels in rows so that none lies on another; what finds no room is left without a row.
 * @param {{at: number, width: number}[]} labels in order of place
 * @param {number} rows how many rows there are
 * @param {number} end the right end of the picture
 * @returns {{row: number, x: number}[]} row −1: no room
 */
export function spread(labels, rows, end) {
  const taken = new Array(rows).fill(-Infinity);
  return labels.map(({ at, width }) => {
    const x = Math.max(0, Math.min(at, end - width));
    const row = taken.findIndex((right) => right + 8 <= x);
    if (row < 0) return { row: -1, x };
    taken[row] = x + width;
    return { row, x };
  });
}

/**
 * Puts spans below each other, each in the first row that is free; what finds none is left without a row.
 * @param {{from: number, to: number}[]} spans in the order of their beginnings
 * @param {number} most how many rows there may be
 * @returns {number[]} for each span its row, −1 for none
 */
export function lanes(spans, most) {
  const taken = [];
  return spans.map(({ from, to }) => {
    let row = taken.findIndex((right) => right + 1 <= from);
    if (row < 0 && taken.length < most) row = taken.push(-Infinity) - 1;
    if (row >= 0) taken[row] = to;
    return row;
  });
}

/**
 * Round instants for the ticks of an axis, about so many.
 * @param {number} end nanoseconds
 */
export function ticks(end, about) {
  const rough = end / Math.max(about, 1);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? power;
  const result = [];
  for (let at = 0; at <= end; at += step) result.push(at);
  return result;
}

/**
 * Allocation rates between samples, in so many equal stretches.
 * @returns {{from: number, to: number, bytesPerSecond: number}[]}
 */
export function rates(samples, stretches) {
  if (samples.length < 2) return [];
  const end = samples[samples.length - 1].time;
  const result = [];
  let from = samples[0];
  for (const sample of samples.slice(1)) {
    if (sample.time - from.time < end / stretches && sample !== samples[samples.length - 1]) continue;
    const seconds = (sample.time - from.time) / 1e9;
    if (seconds > 0) {
      result.push({ from: from.time, to: sample.time, bytesPerSecond: Math.max(sample.allocatedBytes - from.allocatedBytes,
        0) / seconds });
    }
    from = sample;
  }
  return result;
}
