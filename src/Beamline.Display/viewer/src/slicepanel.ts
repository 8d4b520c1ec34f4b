// One cut through the array with crosshair, marks and scale bar.
import { button, density, el, hasFocus, on, press, slider } from './dom';
import type { Cut } from './field';
import { centered, held, toArray, toScreen, zoomAt, type View } from './geometry';
import { arrows, pressKey } from './keys';
import type { Point } from './measure';
import type { Model } from './model';
import { axisColors, place, scaleBar, stroke, write } from './overlay';
import { makePanel, type Panel } from './panel';
import { clamp, type Plane } from './plane';
import { listen } from './pointer';
import { makeSlice } from './slice';
import { quantity } from './text';

const help = 'Arrows move the crosshair, page up and down change the slice, plus and minus zoom, Enter sets a point.';

export interface SlicePanel extends Panel {
  cut: Cut;
  /** The best values there are of what is visible. */
  bestPlane(part: number): Plane;
}

/** `scaleOf` gives canvas pixels for one array pixel across and down; `hover` is told where the pointer is. */
export function makeSlicePanel(
  m: Model, cut: Cut, scaleOf: (p: SlicePanel) => [number, number], hover: (p: SlicePanel, at?: Point) => void, enlarge?: (p: Panel) => void,
): SlicePanel {
  const { along, down, across } = cut, axis = m.payload.axes[along], count = m.lengths[along], { steps } = m.payload.parts[0];
  // Keys and the wheel go from one picture to the next: of a preview, or of the array itself while the kernel has it.
  const pace = (i: number) => m.kernelLine?.isOpen ? 1 : steps[i];
  const rows = m.lengths[down], columns = m.lengths[across], slice = makeSlice(m, cut), output = el('output');
  let view: View, isZoomed = false, timer = 0, pending: Point | undefined, drag = '', before: number[] | undefined;

  const look = () => {
    if (!isZoomed) view = centered(rows, columns, p.wide, p.tall, ...scaleOf(p));
    return view;
  };
  const see = (v: View) => {
    isZoomed = true;
    view = held(v, rows, columns, p.wide, p.tall);
    m.announce();
  };
  const zoom = (x: number, y: number, factor: number) => {
    const v = zoomAt(look(), x, y, factor);
    if (v.sx < 64 && v.sx > .5 * scaleOf(p)[0]) see(v);
  };
  const pan = (dx: number, dy: number) => see({ ...look(), ox: view.ox + dx, oy: view.oy + dy });
  const fitAll = () => {
    isZoomed = false;
    m.announce();
  };
  const crossing = (): Point => ({ row: m.pos[down], column: m.pos[across] });
  const at = (x: number, y: number): Point => {
    const [row, column] = toArray(look(), x, y);
    return { row, column };
  };
  const mark = (to: Point) => {
    const inside = (q: Point) => ({ row: clamp(q.row, -.5, rows - .5), column: clamp(q.column, -.5, columns - .5) });
    m.alter({ [m.tool]: { cut, start: inside(pending!), stop: inside(to) } });
  };
  const moved = (x: number, y: number, dx: number, dy: number) => {
    const q = at(x, y);
    if (drag === 'curtain') m.alter({ curtainAt: clamp(x / p.wide, 0, 1) });
    else if (drag === 'pan') pan(dx, dy);
    else if (drag === 'cross') {
      m.goTo(down, q.row);
      m.goTo(across, q.column);
    } else mark(q);
    hover(p, q);
  };
  const onCurtain = (x: number) => m.canCompare && m.versus === 'curtain' && Math.abs(x - m.curtainAt * p.wide) < 10;

  const drawOver = (g: CanvasRenderingContext2D, isSaved: boolean) => {
    const { wide, tall } = p;
    // A single image has a crosshair while that is the tool, or the keyboard speaks to it. A figure has none.
    const isWanted = m.payload.kind === 'volume' || m.payload.kind === 'stack' || (m.tool === 'cross' ? hasFocus(p.face) : p.face.matches(':focus-visible'));
    if (isWanted && !isSaved) {
      const [x, y] = toScreen(view, m.pos[down], m.pos[across]), gap = 7;
      g.globalAlpha = .8;
      stroke(g, axisColors[across], [x, 0, x, y - gap, NaN, 0, x, y + gap, x, tall], 1);
      stroke(g, axisColors[down], [0, y, x - gap, y, NaN, 0, x + gap, y, wide, y], 1);
      g.globalAlpha = 1;
    }
    for (const [made, color, label] of [[m.roi, '#ffd54a', 'ROI'], [m.background, '#5ad1ff', 'background'], [m.line, '#ffd54a', '']] as const) {
      if (made?.cut.along !== along) continue;
      const [x0, y0] = toScreen(view, made.start.row, made.start.column), [x1, y1] = toScreen(view, made.stop.row, made.stop.column);
      stroke(g, color, label ? [x0, y0, x1, y0, x1, y1, x0, y1, x0, y0] : [x0, y0, x1, y1]);
      write(g, label, Math.min(x0, x1), Math.max(14, Math.min(y0, y1) - 5), 'left', color);
      // Where the profile begins.
      if (!label) stroke(g, color, [x0 - 3, y0 - 3, x0 + 3, y0 - 3, x0 + 3, y0 + 3, x0 - 3, y0 + 3, x0 - 3, y0 - 3]);
    }
    if (m.canCompare) {
      const [a, b] = m.payload.parts.map(part => part.name), x = m.curtainAt * wide;
      if (m.versus === 'curtain') {
        stroke(g, '#fff', [x, 0, x, tall]);
        write(g, a, x - 8, 18, 'right');
        write(g, b, x + 8, 18);
      } else write(g, m.versus === 'difference' ? `${b} \u2212 ${a}: \u00b1${quantity(slice.reach(), m.unitShown(), 2)}` : m.topPart() ? b : a, 10, 18);
    }
    scaleBar(g, m.payload.axes[across], view.sx, wide, tall);
  };

  const p = makePanel(m, cut.title, help, {
    fitAll,
    takesDrags: () => isZoomed || m.tool !== 'cross',
    paintAll(isSaved = false) {
      // Drawn by the processor: pixels are put, not painted.
      const g = p.face.getContext('2d', { willReadFrequently: true })!, { width, height } = p.face, k = density(), v = look();
      g.resetTransform();
      g.putImageData(slice.pixels({ ox: v.ox * k, oy: v.oy * k, sx: v.sx * k, sy: v.sy * k }, width, height), 0, 0);
      g.scale(k, k);
      drawOver(g, isSaved);
    },
    describeState() {
      if (count < 2) return;
      const text = place(axis, m.pos[along]);
      index.value = String(m.pos[along]);
      index.setAttribute('aria-valuetext', text);
      output.textContent = `${axis.name} ${text}`;
    },
    pressed(key, far) {
      const by = (i: number, n: number) => {
        m.goTo(i, m.pos[i] + n * (far ? 10 : 1) * pace(i));
        if (pending) mark(crossing());
        hover(p);
      };
      const middle = (factor: number) => zoom(p.wide / 2, p.tall / 2, factor);
      return pressKey(key, {
        ...arrows((x, y) => x ? by(across, x) : by(down, y)),
        PageUp: () => by(along, -1), PageDown: () => by(along, 1), Home: () => m.goTo(along, 0), End: () => m.goTo(along, count),
        '+': () => middle(1.25), '-': () => middle(.8), 0: fitAll,
        // Enter begins a mark at the crosshair, the arrows drag it, Enter ends it.
        Enter: () => {
          pending = pending || m.tool === 'cross' || m.tool === 'pan' ? undefined : crossing();
          if (pending) mark(pending);
        },
        Escape: () => {
          pending = undefined;
          m.alter({ line: undefined, roi: undefined, background: undefined });
        },
      });
    },
  }, enlarge) as SlicePanel;
  p.cut = cut;
  p.bestPlane = part => slice.best(part, look(), p.wide, p.tall);

  const index = slider(`${axis.name || 'slice'} of ${cut.title}`, 0, count - 1, 0, 1, v => m.goTo(along, v));
  if (count > 1) {
    p.outer.style.setProperty('--axis', axisColors[along]);
    p.outer.classList.add('n');
    const play = button('\u25b6\ufe0e', `Play ${axis.name}`, () => {
      const stop = () => clearInterval(timer);
      stop();
      timer = timer ? 0 : +setInterval(() => {
        // The output may have been cleared.
        if (p.face.isConnected) m.goTo(along, m.pos[along] + pace(along) < count ? m.pos[along] + pace(along) : 0);
        else stop();
      }, 100);
      press(play, !!timer);
    }, true);
    p.controls.append(play, index, output);
  }

  listen(p.face, {
    begun(x, y) {
      before = [...m.pos];
      drag = onCurtain(x) ? 'curtain' : m.tool;
      pending = drag === 'line' || drag === 'roi' || drag === 'background' ? at(x, y) : undefined;
      moved(x, y, 0, 0);
    },
    dragged: moved,
    ended(isCancelled) {
      if (isCancelled) before?.forEach((index, axis) => m.goTo(axis, index));
      before = pending = undefined;
      m.announce();
    },
    hovered(x, y) {
      if (x === undefined) return hover(p);
      p.face.style.cursor = onCurtain(x) ? 'ew-resize' : m.tool === 'pan' ? 'grab' : 'crosshair';
      hover(p, at(x, y!));
    },
    pinched(x, y, factor, dx, dy) {
      zoom(x, y, factor);
      pan(dx, dy);
    },
    wheeled: (x, y, direction, zooms) =>
      zooms || count < 2 ? zoom(x, y, direction > 0 ? 1 / 1.2 : 1.2) : m.goTo(along, m.pos[along] + direction * pace(along)),
  });
  on(p.face, 'dblclick', fitAll);
  on(p.face, 'focus blur', m.announce);
  return p;
}
