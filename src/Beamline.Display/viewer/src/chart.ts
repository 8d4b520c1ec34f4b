// The profile along a line as a small chart.
import { context } from './dom';
import { trace } from './overlay';
import { extent, ticks } from './series';
import { number, quantity } from './text';

/** Values at even distances from 0 to the length of the line. */
export interface Curve {
  name: string;
  samples: Float32Array;
  color: string;
}

/** Draws curves over a length, in the colors of the page; what it shows is also its label for screen readers. */
export function drawChart(face: HTMLCanvasElement, curves: Curve[], long: number, lengthUnit: string, unit: string): void {
  const w = face.clientWidth || 600, h = 150, g = context(face, w, h), left = 64, right = w - 14, top = 12, bottom = h - 26;
  const [low, high] = extent(curves.flatMap(c => extent(c.samples)));
  const x = (t: number) => left + t * (right - left), y = (v: number) => bottom - (v - low) / (high - low) * (bottom - top);
  const say = (text: string, px: number, py: number, align: CanvasTextAlign) => {
    g.textAlign = align;
    g.globalAlpha = .85;
    g.fillText(text, px, py);
  };
  g.font = '11px system-ui,sans-serif';
  g.fillStyle = g.strokeStyle = getComputedStyle(face).color;
  for (const v of ticks(low, high, 4)) {
    g.globalAlpha = .18;
    trace(g, [left, y(v), right, y(v)]);
    say(number(v, 3), left - 6, y(v) + 4, 'right');
  }
  for (const v of ticks(0, long, 6)) if (v < long * .95) say(number(v, 3), x(v / long), h - 9, 'center');
  say(lengthUnit, right, h - 9, 'right');
  say(unit, left + 4, top + 7, 'left');
  g.globalAlpha = 1;
  g.lineWidth = 1.6;
  curves.forEach(({ name, samples, color }, i) => {
    g.strokeStyle = g.fillStyle = color;
    say(name, right, top + 7 + 14 * i, 'right');
    trace(g, [...samples].flatMap((v, i) => [x(i / (samples.length - 1)), y(v)]));
  });
  face.setAttribute('aria-label', `Line profile over ${quantity(long, lengthUnit, 3)}, values from ${quantity(low, unit, 3)} to ${quantity(high, unit, 3)}`);
}
