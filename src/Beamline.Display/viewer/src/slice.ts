// The pixels of one panel: takes the planes that are there, brings them to the panel's size and colors them.
import { lut } from './colors';
import type { Component } from './complex';
import type { Cut } from './field';
import { toArray, type View } from './geometry';
import type { Model } from './model';
import { paint, paintComposite } from './paint';
import { clamp, type Plane } from './plane';
import { outside, resample } from './resample';

export interface Slice {
  /** The best plane there is for what is visible. */
  best(part: number, view: View, width: number, height: number): Plane;
  pixels(view: View, width: number, height: number): ImageData;
  /** How far the colors of a difference reach from zero. */
  reach(): number;
}

/** Draws one cut; keeps what it resampled until plane, place or size change. */
export function makeSlice(m: Model, cut: Cut): Slice {
  const kept = new Map<number, { plane: Plane; key: string; made: Float32Array }>();
  let farthest = 0;
  const reach = () => farthest ||= differenceReach(m);
  const best: Slice['best'] = (part, view, width, height) => {
    if (m.kernelLine && !m.isComplex) {
      const [r0, c0] = toArray(view, 0, 0), [r1, c1] = toArray(view, width, height);
      const inside = (v: number, axis: number) => clamp(v + .5, 0, m.lengths[axis]);
      const step = 2 ** Math.max(0, Math.floor(Math.log2(1 / Math.min(view.sx, view.sy)) + .01));
      const ends = (a: number, b: number, axis: number) => [inside(a, axis), inside(b, axis)];
      const exact = m.kernelLine.exactly(cut, part, ends(r0, r1, cut.down), ends(c0, c1, cut.across), step);
      if (exact) return exact;
    }
    return m.saved(cut, part);
  };
  return {
    best, reach,
    pixels(view, width, height) {
      const resampled = (slot: number, plane: Plane) => {
        const old = kept.get(slot), key = [...Object.values(view), width, height, m.isSmooth].join();
        if (old && old.plane === plane && old.key === key) return old.made;
        const made = resample(plane, view, width, height, m.isSmooth && !plane.isExact);
        kept.set(slot, { plane, key, made });
        return made;
      };
      const data = new ImageData(width, height), into = new Uint32Array(data.data.buffer), colors = lut(m.colorMap, m.curve), [low, high] = m.levels;
      const shown = (part: number) => resampled(part, best(part, view, width, height));
      const aspect = (slot: number, which: Component) => resampled(slot, m.saved(cut, 0, which));
      if (m.isComplex && m.aspect === 'composite') {
        paintComposite(aspect(2, 'real'), aspect(3, 'imaginary'), low, high, m.curve, into);
      } else if (m.canCompare && m.versus === 'difference') {
        const b = shown(1);
        paint(shown(0).map((v, i) => v === outside ? v : b[i] - v), -reach(), reach(), lut('diverging', 'linear'), into);
      } else if (m.canCompare && m.versus === 'curtain') {
        const b = shown(1), edge = Math.round(m.curtainAt * width);
        paint(shown(0).map((v, i) => i % width < edge ? v : b[i]), low, high, colors, into);
      } else paint(shown(m.topPart()), low, high, colors, into);
      return data;
    },
  };
}

/** How far most differences of two arrays reach from zero. */
export function differenceReach({ fields: [a, b] }: Pick<Model, 'fields'>): number {
  const sample: number[] = [], every = Math.max(1, a.codes.length >> 14);
  for (let i = 0; i < a.codes.length; i += every) {
    const d = Math.abs(b.decoded(b.codes[i]) - a.decoded(a.codes[i]));
    if (d === d) sample.push(d);
  }
  sample.sort((p, q) => p - q);
  return sample[Math.floor(sample.length * .99)] || sample.pop() || 1;
}
