// What is shown and how: one model for each viewer, which all of its panels draw and change.
import { isCyclic, type Scale } from './colors';
import { component, type Component } from './complex';
import { field, type Cut, type Field } from './field';
import { codeHistogram, histogram, percentWindow, type Histogram } from './histogram';
import type { Live } from './live';
import type { Point } from './measure';
import { check, type Payload } from './payload';
import { clamp, type Plane } from './plane';
import { extent } from './series';

export type Tool = 'cross' | 'pan' | 'line' | 'roi' | 'background';
export type Compare = 'first' | 'second' | 'curtain' | 'flicker' | 'difference';

/** Two corners or ends that were marked in one cut. */
export interface Mark {
  cut: Cut;
  start: Point;
  stop: Point;
}

/** What the reader chose. */
export interface Choices {
  levels: [number, number];
  colorMap: string;
  curve: Scale;
  isSmooth: boolean;
  tool: Tool;
  versus: Compare;
  /** Place of the curtain, 0 to 1. */
  curtainAt: number;
  /** Which of the two is up while they flicker. */
  isFlipped: boolean;
  aspect: Component;
  line?: Mark;
  roi?: Mark;
  background?: Mark;
  kernelLine?: Live;
}

export interface Model extends Choices {
  payload: Payload;
  fields: Field[];
  /** Array index along each axis: where the crosshair is. */
  pos: number[];
  lengths: number[];
  isComplex: boolean;
  canCompare: boolean;
  onChange(listener: () => void): void;
  /** Tells everyone before the next frame that something is different. */
  announce(): void;
  /** Changes some choices, and tells. */
  alter(change: Partial<Choices>): void;
  goTo(axis: number, index: number): void;
  /** Which of two arrays is shown alone. */
  topPart(): number;
  /** Unit of what is shown. */
  unitShown(): string;
  /** The saved values of a cut at the present position. */
  saved(cut: Cut, part?: number, which?: Component): Plane;
  /** The histogram of all saved values. */
  valueCounts(): Histogram;
  /** Chooses the window by the part of the values that lies below and above it. */
  percentLevels(low: number, high: number): void;
  /** Shows another component of complex values, with a window and colors that suit it. */
  showAspect(which: Component): void;
}

export async function makeModel(payload: Payload): Promise<Model> {
  check(payload);
  const fields = await Promise.all(payload.parts.map(field)), lengths = payload.parts[0].shape, isComplex = payload.kind === 'complex';
  const planes = new Map<string, Plane>(), counts = new Map<string, Histogram>(), listeners: (() => void)[] = [];
  let scheduled = false;
  const m: Model = {
    payload, fields, lengths, isComplex,
    pos: lengths.map((n, i) => clamp(payload.at?.[i] ?? n >> 1, 0, n - 1)),
    canCompare: !isComplex && fields.length > 1,
    levels: [payload.window[0], payload.window[1]],
    colorMap: payload.map,
    curve: 'linear',
    // A pixel of a preview is no pixel of the detector: its edges mean nothing.
    isSmooth: payload.parts[0].steps.some(s => s > 1),
    tool: 'cross', versus: 'first', curtainAt: .5, isFlipped: false, aspect: (payload.mode ?? 'amplitude') as Component,
    onChange: listener => listeners.push(listener),
    announce() {
      if (scheduled) return;
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        listeners.forEach(l => l());
      });
    },
    alter(change) {
      Object.assign(m, change);
      m.announce();
    },
    goTo(axis, index) {
      m.pos[axis] = clamp(Math.round(index), 0, lengths[axis] - 1);
      m.announce();
    },
    topPart: () => m.canCompare && (m.versus === 'second' || m.versus === 'flicker' && m.isFlipped) ? 1 : 0,
    unitShown: () => isComplex && (m.aspect === 'phase' || m.aspect === 'unwrapped') ? 'rad' : payload.quantity.unit,
    saved(cut, part = 0, which = m.aspect) {
      const slot = Math.floor(m.pos[cut.along] / fields[part].part.steps[cut.along]), key = [part, cut.along, cut.down, slot, which].join();
      let plane = planes.get(key);
      if (!plane) {
        const take = (f: Field) => f.cutAt(cut, m.pos[cut.along]);
        planes.set(key, plane = isComplex ? component(take(fields[0]), take(fields[1]), which) : take(fields[part]));
        forgetOldest(planes, 16);
      }
      return plane;
    },
    valueCounts() {
      const part = m.topPart(), key = m.aspect + part, f = fields[part];
      let h = counts.get(key);
      if (!h) {
        const { samples } = isComplex ? m.saved({ title: '', along: 0, down: 1, across: 2 }) : { samples: [] };
        counts.set(key, h = isComplex ? histogram(samples, ...extent(samples)) : codeHistogram(f.codes, f.topCode, f.part.low, f.part.high));
      }
      return h;
    },
    percentLevels(low, high) {
      m.alter({ levels: isComplex && m.aspect === 'phase' ? [-Math.PI, Math.PI] : percentWindow(m.valueCounts(), low, high) });
    },
    showAspect(which) {
      m.aspect = which;
      m.colorMap = which === 'phase' ? 'phase' : isCyclic(m.colorMap) ? 'gray' : m.colorMap;
      m.percentLevels(1, 99);
    },
  };
  return m;
}

/** A map keeps the order in which things came: lets go of the first when there are too many. */
export function forgetOldest<K, V>(map: Map<K, V>, most: number): V | undefined {
  if (map.size <= most) return undefined;
  const [key, value] = map.entries().next().value!;
  map.delete(key);
  return value;
}
