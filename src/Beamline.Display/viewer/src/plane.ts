// Values of one flat cut through an array, and where they lie in it.

export interface Plane {
  rowCount: number;
  colCount: number;
  /** Row by row; NaN where there is no finite value. */
  samples: Float32Array;
  /** Array pixels for one pixel of the plane. */
  rowPace: number;
  columnPace: number;
  /** First array pixel. */
  firstRow: number;
  firstColumn: number;
  /** True when these are the values of the array and not a saved preview of them. */
  isExact: boolean;
}

/** Value at an array position (row, column), NaN outside. */
export function valueAt(p: Plane, row: number, column: number): number {
  const r = Math.floor((Math.round(row) - p.firstRow) / p.rowPace);
  const c = Math.floor((Math.round(column) - p.firstColumn) / p.columnPace);
  return r >= 0 && c >= 0 && r < p.rowCount && c < p.colCount ? p.samples[r * p.colCount + c] : NaN;
}

/** Value between the pixels' centers, by straight lines; the nearest where a neighbor is not finite. */
export function interpolate(p: Plane, row: number, column: number): number {
  // A pixel of the plane has its center in the middle of the array pixels that it stands for.
  const y = clamp((row - p.firstRow - (p.rowPace - 1) / 2) / p.rowPace, 0, p.rowCount - 1);
  const x = clamp((column - p.firstColumn - (p.columnPace - 1) / 2) / p.columnPace, 0, p.colCount - 1);
  const w = p.colCount, v = p.samples, y0 = Math.floor(y), x0 = Math.floor(x), fy = y - y0, fx = x - x0, i = y0 * w + x0;
  const right = x0 + 1 < w ? 1 : 0, down = y0 + 1 < p.rowCount ? w : 0;
  const mean = (v[i] * (1 - fx) + v[i + right] * fx) * (1 - fy) + (v[i + down] * (1 - fx) + v[i + down + right] * fx) * fy;
  return mean === mean ? mean : v[Math.round(y) * w + Math.round(x)];
}

export const clamp = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v));
