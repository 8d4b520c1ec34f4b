// Line profiles and statistics of regions.
import { interpolate, type Plane } from './plane';

export interface Point {
  row: number;
  column: number;
}

/** Values at even distances on a straight line, both ends included; about one for each pixel of the plane. */
export function profile(plane: Plane, from: Point, to: Point): Float32Array {
  const pixels = Math.hypot((to.row - from.row) / plane.rowPace, (to.column - from.column) / plane.columnPace);
  const n = Math.min(4096, Math.max(2, Math.ceil(pixels) + 1));
  return Float32Array.from({ length: n }, (_, i) => {
    const t = i / (n - 1);
    return interpolate(plane, from.row + (to.row - from.row) * t, from.column + (to.column - from.column) * t);
  });
}

export interface Statistics {
  /** Finite values. */
  count: number;
  mean: number;
  /** Standard deviation of a sample (n - 1). */
  std: number;
  min: number;
  max: number;
}

/** Statistics of the plane's pixels whose centers lie in the rectangle of two corners. */
export function statistics(plane: Plane, a: Point, b: Point): Statistics {
  const first = (p: number, q: number, start: number, step: number) => Math.ceil((Math.min(p, q) - start - (step - 1) / 2) / step - 1e-9);
  const last = (p: number, q: number, start: number, step: number) => Math.floor((Math.max(p, q) - start - (step - 1) / 2) / step + 1e-9);
  const r0 = Math.max(0, first(a.row, b.row, plane.firstRow, plane.rowPace)), r1 = Math.min(plane.rowCount - 1, last(a.row, b.row, plane.firstRow, plane.rowPace));
  const c0 = Math.max(0, first(a.column, b.column, plane.firstColumn, plane.columnPace));
  const c1 = Math.min(plane.colCount - 1, last(a.column, b.column, plane.firstColumn, plane.columnPace));
  let count = 0, mean = 0, squares = 0, min = NaN, max = NaN;
  for (let r = r0; r <= r1; r++) {
    for (let c = c0; c <= c1; c++) {
      const v = plane.samples[r * plane.colCount + c];
      if (v !== v) continue;
      // Welford's way: no cancellation when the mean is large beside the spread.
      const d = v - mean;
      mean += d / ++count;
      squares += d * (v - mean);
      if (!(v >= min)) min = v;
      if (!(v <= max)) max = v;
    }
  }
  return { count, mean: count ? mean : NaN, std: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, min, max };
}

/** Signal to noise: mean over standard deviation. */
export const snr = (s: Statistics): number => Math.abs(s.mean) / s.std;

/** Contrast to noise: difference of the means over the standard deviation of the background. */
export const cnr = (s: Statistics, background: Statistics): number => Math.abs(s.mean - background.mean) / background.std;
