// What the line and the regions say: a chart, statistics, signal and contrast to noise.
import { drawChart, type Curve } from './chart';
import { el } from './dom';
import { cnr, profile, snr, statistics } from './measure';
import type { Mark, Model } from './model';
import type { SlicePanel } from './slicepanel';
import { length, number } from './text';

export function makeMeasureBar(m: Model, panels: SlicePanel[]): { outer: HTMLElement; redraw(): void } {
  const face = el('canvas', { role: 'img', class: 'k' }), table = el('div', { class: 't', role: 'status' });
  let exact: { key: string; samples: Float32Array } | undefined, shown = '', asked = '';
  const plane = (mark: Mark, part: number) => panels.find(p => p.cut.along === mark.cut.along)!.bestPlane(part);

  const drawProfile = (line: Mark) => {
    const { cut, start, stop } = line, [r, c] = [m.payload.axes[cut.down], m.payload.axes[cut.across]], part = m.topPart();
    // A length only where both ways are lengths.
    const known = r.step && r.unit === c.unit && !r.values, [dy, dx] = [stop.row - start.row, stop.column - start.column];
    const long = (known ? Math.hypot(dy * r.step, dx * c.step) : Math.hypot(dy, dx)) || 1, key = JSON.stringify([line, m.pos[cut.along], part]);
    // One question at a time, also while the line is drawn.
    if (m.kernelLine?.isOpen && !m.isComplex && exact?.key !== key && !asked) {
      asked = key;
      m.kernelLine.along(cut, part, start, stop, samples => {
        exact = { key, samples };
        asked = '';
        m.announce();
      });
    }
    const names = m.canCompare ? m.payload.parts.map(p => p.name) : [''];
    const curves: Curve[] = [{ name: names[part], samples: exact?.key === key ? exact.samples : profile(plane(line, part), start, stop), color: '#e8912d' }];
    if (m.canCompare) curves.push({ name: names[1 - part], samples: profile(plane(line, 1 - part), start, stop), color: '#3d8fe0' });
    drawChart(face, curves, long, known ? c.unit : 'px', m.unitShown());
  };

  const row = (name: string, mark: Mark) => {
    const s = statistics(plane(mark, m.topPart()), mark.start, mark.stop);
    const size = (axis: number, d: number) => {
      const { step, unit, values } = m.payload.axes[axis];
      return step && !values ? length(Math.abs(d) * step, unit, 3) : number(Math.abs(d), 3);
    };
    const area = `${size(mark.cut.across, mark.stop.column - mark.start.column)} \u00d7 ${size(mark.cut.down, mark.stop.row - mark.start.row)}`;
    return { s, cells: [name, number(s.mean), number(s.std, 3), number(s.min), number(s.max), String(s.count), area, number(snr(s), 3)] };
  };

  return {
    outer: el('div', {}, face, table),
    redraw() {
      const { line, roi, background } = m, unit = m.unitShown() ? ` (${m.unitShown()})` : '';
      face.hidden = !line;
      if (line) drawProfile(line);
      const a = roi && row('ROI', roi), b = background && row('Background', background), rows = [a, b].flatMap(r => r ? [r.cells] : []);
      const more = a && b ? `CNR ${number(cnr(a.s, b.s), 3)} = |difference of the means| / std of the background` : '';
      // A screen reader speaks the table whenever it is made anew.
      if (shown === (shown = JSON.stringify([rows, more]))) return;
      const head = ['region', `mean${unit}`, `std${unit}`, 'min', 'max', 'pixels', 'size', 'SNR'];
      table.replaceChildren(...rows.length ? [el('table', {}, ...[head, ...rows].map((cells, i) => el('tr', {}, ...cells.map(c => el(i ? 'td' : 'th', {}, c))))), more] : []);
    },
  };
}
