// What can be shown of complex values: real part, imaginary part, amplitude, phase and unwrapped phase.
import type { Plane } from './plane';

export type Component = 'amplitude' | 'phase' | 'unwrapped' | 'real' | 'imaginary' | 'composite';

export const components: Component[] = ['amplitude', 'phase', 'unwrapped', 'composite', 'real', 'imaginary'];

/** One component of a plane whose real and imaginary parts are given; the composite has amplitudes as values. */
export function component(re: Plane, im: Plane, which: Component): Plane {
  if (which === 'real') return re;
  if (which === 'imaginary') return im;
  const wantsPhase = which === 'phase' || which === 'unwrapped';
  const samples = re.samples.map((r, i) => wantsPhase ? Math.atan2(im.samples[i], r) : Math.hypot(r, im.samples[i]));
  const plane = { ...re, samples };
  return which === 'unwrapped' ? { ...plane, samples: unwrap(plane, Float32Array.from(re.samples, (r, i) => Math.hypot(r, im.samples[i]))) } : plane;
}

const turn = 2 * Math.PI;
const wrapped = (d: number) => d - turn * Math.round(d / turn);

/**
 * Adds whole turns to phases so that neighbors differ by less than half a turn. Grows from the strongest pixel, always
 * to the strongest neighbor next (quality-guided path following: Ghiglia and Pritt 1998, chapter 4), so that noise
 * where the amplitude is small spoils nothing else.
 */
export function unwrap(phase: Plane, quality: ArrayLike<number>): Float32Array {
  const { rowCount: rows, colCount: columns, samples: values } = phase, n = rows * columns, levels = 256;
  const out = Float32Array.from(values), done = new Uint8Array(n);
  let strongest = 0;
  for (let i = 0; i < n; i++) if (quality[i] > strongest) strongest = quality[i];
  // Pixels that wait, by level of quality; each knows the neighbor that brought it in.
  const waiting: number[][] = Array.from({ length: levels }, () => []);
  const level = (i: number) => Math.min(levels - 1, Math.floor(quality[i] / (strongest || 1) * levels) || 0);
  let top = -1;
  const offer = (i: number, from: number) => {
    if (done[i] || values[i] !== values[i]) return;
    const l = level(i);
    waiting[l].push(i, from);
    if (l > top) top = l;
  };
  const grow = (seed: number) => {
    offer(seed, seed);
    while (top >= 0) {
      const list = waiting[top];
      if (!list.length) {
        top--;
        continue;
      }
      const from = list.pop()!, i = list.pop()!;
      if (done[i]) continue;
      done[i] = 1;
      out[i] = out[from] + wrapped(values[i] - out[from]);
      const x = i % columns;
      if (x > 0) offer(i - 1, i);
      if (x < columns - 1) offer(i + 1, i);
      if (i >= columns) offer(i - columns, i);
      if (i < n - columns) offer(i + columns, i);
    }
  };
  const seeds = Array.from({ length: n }, (_, i) => i).filter(i => quality[i] === strongest);
  if (seeds.length) grow(seeds[0]);
  // Islands that values without number cut off.
  for (let i = 0; i < n; i++) if (!done[i]) grow(i);
  return out;
}
