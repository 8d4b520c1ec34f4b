// How often values occur, and what a window or a threshold can be read from that.

export interface Histogram {
  low: number;
  high: number;
  counts: Float64Array;
  /** Finite values that were counted. */
  total: number;
}

export function histogram(values: ArrayLike<number>, low: number, high: number, bins = 256): Histogram {
  const counts = new Float64Array(bins), scale = bins / (high - low);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v !== v || v < low || v > high) continue;
    counts[Math.min(bins - 1, Math.floor((v - low) * scale))]++;
    total++;
  }
  return { low, high, counts, total };
}

/** The histogram of codes 1 to `top`, which stand for values from low to high; code 0 counts for nothing. */
export function codeHistogram(codes: Uint8Array | Uint16Array, top: number, low: number, high: number, bins = 255): Histogram {
  const counts = new Float64Array(bins);
  let total = 0;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i]) {
      counts[Math.min(bins - 1, Math.floor((codes[i] - 1) * bins / top))]++;
      total++;
    }
  }
  return { low, high, counts, total };
}

/** The value below which a part (0 to 100 percent) of the values lies, by straight lines inside a bin. */
export function percentile(h: Histogram, percent: number): number {
  const wanted = h.total * Math.min(100, Math.max(0, percent)) / 100, width = (h.high - h.low) / h.counts.length;
  let below = 0;
  for (let i = 0; i < h.counts.length; i++) {
    if (below + h.counts[i] >= wanted && h.counts[i] > 0) return h.low + (i + (wanted - below) / h.counts[i]) * width;
    below += h.counts[i];
  }
  return h.high;
}

/** The window that leaves out the same part at both ends; never empty. */
export function percentWindow(h: Histogram, low: number, high: number): [number, number] {
  const a = percentile(h, low), b = percentile(h, high);
  if (b > a) return [a, b];
  const half = Math.abs(a) / 2 || 1;
  return [a - half, a + half];
}

/** The threshold that parts the values into two groups best (N. Otsu, IEEE Trans. SMC 9, 62, 1979). */
export function otsu(h: Histogram): number {
  const width = (h.high - h.low) / h.counts.length, center = (i: number) => h.low + (i + .5) * width;
  let sum = 0, below = 0, sumBelow = 0, best = -1, at = (h.low + h.high) / 2;
  h.counts.forEach((n, i) => sum += n * center(i));
  // Between two well separated groups every threshold is as good as the next: take the middle of them.
  let first = 0;
  for (let i = 0; i < h.counts.length - 1; i++) {
    below += h.counts[i];
    sumBelow += h.counts[i] * center(i);
    const above = h.total - below;
    if (!below || !above) continue;
    const variance = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2;
    if (variance > best * (1 + 1e-12)) {
      best = variance;
      first = i;
      at = h.low + (i + 1) * width;
    } else if (variance >= best * (1 - 1e-12)) at = h.low + ((first + i) / 2 + 1) * width;
  }
  return at;
}
