// A plane at the size it is drawn at: the mean of what falls on a canvas pixel where it shrinks, else nearest or smooth.
import type { View } from './geometry';
import { interpolate, type Plane } from './plane';

/** Marks canvas pixels outside the plane. */
export const outside = Infinity;

/** width x height values, NaN where the array has no finite value and `outside` beside it. */
export function resample(plane: Plane, view: View, width: number, height: number, smooth: boolean): Float32Array {
  const out = new Float32Array(width * height);
  const xs = ranges(width, view.ox, view.sx, plane.firstColumn, plane.columnPace, plane.colCount);
  const ys = ranges(height, view.oy, view.sy, plane.firstRow, plane.rowPace, plane.rowCount);
  const grows = smooth && view.sx * plane.columnPace > 1.01 && view.sy * plane.rowPace > 1.01;
  for (let y = 0, o = 0; y < height; y++) {
    const y0 = ys[2 * y], y1 = ys[2 * y + 1];
    for (let x = 0; x < width; x++, o++) {
      const x0 = xs[2 * x], x1 = xs[2 * x + 1];
      if (y0 < 0 || x0 < 0) {
        out[o] = outside;
      } else if (grows) {
        out[o] = interpolate(plane, (y + .5 - view.oy) / view.sy - .5, (x + .5 - view.ox) / view.sx - .5);
      } else if (x1 - x0 === 1 && y1 - y0 === 1) {
        out[o] = plane.samples[y0 * plane.colCount + x0];
      } else {
        let sum = 0, n = 0;
        for (let r = y0; r < y1; r++) {
          for (let i = r * plane.colCount + x0, e = i + x1 - x0; i < e; i++) {
            const v = plane.samples[i];
            if (v === v) {
              sum += v;
              n++;
            }
          }
        }
        out[o] = n ? sum / n : NaN;
      }
    }
  }
  return out;
}

// First and one past the last plane pixel for each canvas pixel; -1 outside.
function ranges(count: number, offset: number, scale: number, start: number, step: number, pixels: number): Int32Array {
  const list = new Int32Array(2 * count), size = scale * step, from = offset + start * scale;
  for (let i = 0; i < count; i++) {
    const middle = Math.floor((i + .5 - from) / size);
    if (middle < 0 || middle >= pixels) {
      list[2 * i] = list[2 * i + 1] = -1;
      continue;
    }
    const a = size < 1 ? Math.max(0, Math.round((i - from) / size)) : middle;
    list[2 * i] = Math.min(a, pixels - 1);
    list[2 * i + 1] = size < 1 ? Math.min(pixels, Math.max(list[2 * i] + 1, Math.round((i + 1 - from) / size))) : middle + 1;
  }
  return list;
}
