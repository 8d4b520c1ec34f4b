// Window and level: a histogram whose ends are dragged, numbers to type, percentiles to choose.
import { table } from './colors';
import { choice, context, el, hasFocus, on } from './dom';
import type { Model } from './model';

const choices: [string, string][] = [['', 'custom'], ['0,100', 'all values'], ['0.1,99.9', '0.1\u201399.9 %'], ['1,99', '1\u201399 %'], ['5,95', '5\u201395 %']];

export function makeWindowBar(m: Model): { outer: HTMLElement; redraw(): void } {
  const face = el('canvas', { class: 'g', 'aria-hidden': 'true', title: 'Drag the ends of the window, or its middle' });
  let grip = -1;
  const put = (low: number, high: number) => {
    if (low < high && Number.isFinite(high - low)) m.levels = [low, high];
    percent.value = '';
    m.announce();
  };
  const ends = [0, 1].map(i => {
    const input: HTMLInputElement = el('input', {
      type: 'number', step: 'any', 'aria-label': `Value of the ${i ? 'last' : 'first'} color`,
      change: () => i ? put(m.levels[0], +input.value) : put(+input.value, m.levels[1]),
    });
    return input;
  });
  const [label, percent] = choice('Window', choices, '', v => {
    const [low, high] = v.split(',');
    if (v) m.percentLevels(+low, +high);
  });
  const place = (v: number) => {
    const { low, high } = m.valueCounts();
    return (v - low) / (high - low || 1);
  };
  const drag = (e: PointerEvent) => {
    const r = face.getBoundingClientRect(), t = (e.clientX - r.left) / r.width, { low, high } = m.valueCounts(), v = low + t * (high - low);
    const [a, b] = m.levels, near = Math.min(Math.abs(t - place(a)), Math.abs(t - place(b))) < 10 / r.width;
    // The nearest end, or the middle when both are far.
    if (grip < 0) grip = !near && v > a && v < b ? 2 : v - a <= b - v ? 0 : 1;
    if (grip === 2) put(v - (b - a) / 2, v + (b - a) / 2);
    else if (grip) put(a, v);
    else put(v, b);
  };
  on(face, 'pointerdown', (e: PointerEvent) => {
    face.setPointerCapture(e.pointerId);
    grip = -1;
    drag(e);
  });
  on(face, 'pointermove', (e: PointerEvent) => e.buttons && drag(e));
  return {
    outer: el('div', { class: 'w' }, label, ends[0], face, ends[1]),
    redraw() {
      const w = face.clientWidth, h = 40, { low, high, counts } = m.valueCounts(), top = Math.log1p(Math.max(1, ...counts));
      ends.forEach((e, i) => {
        if (!hasFocus(e)) e.value = String(+m.levels[i].toPrecision(4));
      });
      const g = context(face, w, h), [a, b] = m.levels.map(v => place(v) * w), fade = g.createLinearGradient(a, 0, Math.max(b, a + 1), 0);
      // The colors under the values that they stand for.
      table(m.colorMap).forEach((c, i) => i % 15 || fade.addColorStop(i / 255, `rgb(${c})`));
      g.fillStyle = fade;
      g.fillRect(0, h - 7, w, 7);
      g.fillStyle = getComputedStyle(face).color;
      counts.forEach((n, i) => {
        const one = w / counts.length, x = place(low + i / counts.length * (high - low)) * w, tall = Math.log1p(n) / top * (h - 10);
        g.globalAlpha = x + one >= a && x <= b ? .75 : .3;
        g.fillRect(x, h - 8 - tall, Math.max(1, one), tall);
      });
      g.globalAlpha = 1;
      g.fillStyle = '#e8912d';
      for (const x of [a, b]) g.fillRect(Math.min(w - 2, Math.max(0, x - 1)), 0, 2, h);
    },
  };
}
