// Puts the panels of one value together and gives them their sizes.
import { el, press } from './dom';
import type { Cut } from './field';
import { goLive } from './live';
import { makeMeasureBar } from './measurebar';
import type { Point } from './measure';
import type { Model } from './model';
import { place } from './overlay';
import type { Panel } from './panel';
import { clamp, valueAt } from './plane';
import { makeSlicePanel, type SlicePanel } from './slicepanel';
import style from './style.css';
import { quantity } from './text';
import { isDark } from './theme';
import { makeToolbar } from './toolbar';
import { find } from './transport';
import { makeVolumePanel } from './volumepanel';
import { makeWindowBar } from './windowbar';

const gap = 6;

export interface Viewer {
  /** Looks for a kernel that has the values. */
  connect(): void;
  /** True when its output is gone; its line to the kernel is closed then. */
  isLeft(): boolean;
  /** Draws all panels, also those that were never scrolled to. */
  paintAll(): void;
  /** Takes on the colors of what lies behind. */
  blend(): void;
}

/** Builds the viewer in an element; it tells whenever it has come into a page, which front ends do again with outputs that were out of sight. */
export function makeViewer(m: Model, root: HTMLElement, joined: (v: Viewer) => void): void {
  const { kind, axes } = m.payload, isVolume = kind === 'volume', [z, y, x] = axes.map(a => a.name);
  const cut = (title: string, along: number, down: number, across: number): Cut => ({ title, along, down, across });
  const cuts = isVolume ? [cut(`${x}${y} slice`, 0, 1, 2), cut(`${z}${y} slice`, 2, 1, 0), cut(`${x}${z} slice`, 1, 0, 2)]
    : kind === 'stack' ? [cut('Projection', 0, 1, 2), cut('Sinogram', 1, 0, 2)]
      : [cut(kind === 'sinogram' ? 'Sinogram' : kind === 'series' ? 'Series' : 'Image', 0, 1, 2)];
  let large: Panel | undefined, hovered: { panel: SlicePanel; at: Point } | undefined;

  // Width and height in units of length, or in pixels where there is no common unit.
  const isLength = ({ down, across }: Cut) => axes[down].unit === axes[across].unit && !axes[down].values;
  const pixel = (c: Cut, axis: number) => isLength(c) && axes[axis].step || 1;
  const extents = (c: Cut) => [m.lengths[c.across] * pixel(c, c.across), m.lengths[c.down] * pixel(c, c.down)];
  // Angles and lengths have no common scale: such a picture fills its panel; so does one that would else be a thread.
  const fills = (c: Cut) => {
    const [w, h] = extents(c);
    return !isLength(c) || w > 40 * h || h > 40 * w;
  };
  // One scale for all slices of a volume, so that they line up.
  const scaleOf = (p: SlicePanel): [number, number] => {
    const c = p.cut, group = large || !isVolume ? [p] : slices.filter(s => !fills(s.cut));
    if (fills(c)) return [p.wide / m.lengths[c.across], p.tall / m.lengths[c.down]];
    const k = Math.min(...group.flatMap(s => extents(s.cut).map((e, i) => (i ? s.tall : s.wide) / e)));
    return [k * pixel(c, c.across), k * pixel(c, c.down)];
  };
  const layout = () => {
    const full = root.clientWidth, several = slices.length > 1 && full >= 600 && !large;
    const wide = Math.floor(several ? (full - gap) / 2 : full), most = clamp(innerHeight * .8, 240, 640);
    if (v.isLeft() || wide < 2) return;
    joined(v);
    if (!m.kernelLine) v.connect();
    grid.style.gridTemplateColumns = `repeat(${several ? 2 : 1}, ${wide}px)`;
    const [w, h] = fills(cuts[0]) ? [5, 3] : extents(cuts[0]);
    for (const p of panels) {
      p.outer.hidden = !!large && large !== p;
      const b = p.outer.querySelector('[aria-label^=Enlarge]');
      if (b) press(b, large === p);
      // Volumes in squares; others as high as their picture, within what a screen shows.
      p.resizeTo(wide, Math.round(isVolume ? Math.min(wide, large ? most : wide) : clamp(wide * h / w, several ? wide * .6 : 160, most)));
    }
    blend();
  };
  const blend = () => {
    root.classList.toggle('dark', isDark((root.getRootNode() as ShadowRoot).host));
    m.announce();
  };
  // Where the pointer is, or else the crosshair, and the value there.
  const report = () => {
    const panel = hovered?.panel ?? slices.find(s => !s.outer.hidden) ?? slices[0], { down, across } = panel.cut;
    const at = hovered?.at ?? { row: m.pos[down], column: m.pos[across] }, index = m.pos.map((i, k) => k === down ? at.row : k === across ? at.column : i);
    const isInside = index.every((v, k) => Math.round(v) >= 0 && Math.round(v) < m.lengths[k]), words: Node[] = [], say = (text: string) => words.push(el('b', {}, text));
    if (isInside) {
      for (const k of [2, 1, 0]) if (axes[k].name) words.push(el('span', {}, `${axes[k].name} ${place(axes[k], index[k])}`));
      const values = m.fields.slice(0, m.canCompare ? 2 : 1).map(({ part, topCode }, i) => {
        const plane = panel.bestPlane(i), v = valueAt(plane, at.row, at.column), isCut = part.clipped && !plane.isExact;
        const bound = isCut && v >= part.high ? '\u2265 ' : isCut && v <= part.low ? '\u2264 ' : '', name = m.canCompare ? `${part.name}: ` : '';
        say(v !== v ? `${name}not a number` : name + bound + quantity(v, m.unitShown(), plane.isExact || topCode > 255 ? 5 : 3));
        return v;
      });
      if (m.versus === 'difference') say(`difference: ${quantity(values[1] - values[0], m.unitShown(), 3)}`);
      if (m.aspect === 'composite') say(quantity(valueAt(m.saved(panel.cut, 0, 'phase'), at.row, at.column), 'rad'));
    }
    readout.replaceChildren(...words);
    const { steps, type } = m.payload.parts[0], live = m.kernelLine, every = steps.slice(m.lengths[0] > 1 ? 0 : 1).join(' \u00d7 ');
    badge.textContent = live?.isOpen ? live.words
      : `${live?.words ?? 'saved preview'}, ${type === 'u8' ? 8 : 16} bit${Math.max(...steps) > 1 ? `, every ${every} pixels` : ''}`;
    badge.classList.toggle('on', !!live?.isOpen);
  };

  const enlarge = (p: Panel) => {
    large = large === p ? undefined : p;
    layout();
  };
  const slices = cuts.map(c => makeSlicePanel(m, c, scaleOf, (panel, at) => {
    hovered = at && { panel, at };
    report();
  }, cuts.length > 1 ? enlarge : undefined));
  const panels: Panel[] = isVolume ? [...slices, makeVolumePanel(m, enlarge)] : slices;
  const grid = el('div', { class: 'r' }, ...panels.map(p => p.outer)), readout = el('div', { class: 'o' }), badge = el('span', { class: 'd' });
  const bars = [makeToolbar(m, () => panels.forEach(p => p.fitAll())), makeWindowBar(m), makeMeasureBar(m, slices)];
  root.append(el('style', {}, style), bars[0].outer, bars[1].outer, grid, el('div', { class: 'f' }, readout, badge), el('small', {}, m.payload.text), bars[2].outer);
  m.onChange(() => {
    [...bars, ...panels].forEach(p => p.redraw());
    report();
  });
  root.style.maxWidth = isVolume ? '860px' : '';
  const v: Viewer = {
    blend,
    paintAll: () => panels.forEach(p => p.paintAll()),
    isLeft() {
      if (root.isConnected) return false;
      m.kernelLine?.leave();
      m.kernelLine = undefined;
      return true;
    },
    connect() {
      const transport = m.payload.live && !m.kernelLine?.isOpen && find();
      try {
        if (transport) {
          m.kernelLine?.leave();
          m.alter({ kernelLine: goLive(m, transport, root) });
        }
      } catch {
        // A kernel that is not connected: what was saved is shown.
      }
    },
  };
  if (isVolume && m.payload.mode !== undefined) large = panels[3];
  new ResizeObserver(layout).observe(root);
  layout();
}
