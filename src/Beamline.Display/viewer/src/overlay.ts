// What is drawn over a picture: lines, texts and the scale bar, readable on black and on white.
import type { Axis } from './payload';
import { length, quantity, round125 } from './text';

/** Colors of the three axes, in every panel. */
export const axisColors = ['#4da3ff', '#7ddc5c', '#ff7a6b'];

export type Context = CanvasRenderingContext2D;

/** Draws lines through places twice: a wide dark line under a thin one in a color. NaN lifts the pen. */
export function stroke(g: Context, color: string, places: number[], width = 1.5): void {
  for (const [style, w] of [['rgba(0,0,0,.55)', width + 2], [color, width]] as const) {
    g.strokeStyle = style;
    g.lineWidth = w;
    trace(g, places);
  }
}

/** Draws lines through places x, y, x, y...; NaN lifts the pen. */
export function trace(g: Context, places: ArrayLike<number>): void {
  g.beginPath();
  for (let i = 0, isDown = false; i < places.length; i += 2) {
    const [x, y] = [places[i], places[i + 1]];
    if (isDown) g.lineTo(x, y);
    else g.moveTo(x, y);
    isDown = x + y === x + y;
  }
  g.stroke();
}

export function write(g: Context, text: string, x: number, y: number, align: CanvasTextAlign = 'left', color = '#fff'): void {
  g.font = '600 12px system-ui,sans-serif';
  g.textAlign = align;
  g.lineJoin = 'round';
  g.strokeStyle = 'rgba(0,0,0,.75)';
  g.lineWidth = 3;
  g.strokeText(text, x, y);
  g.fillStyle = color;
  g.fillText(text, x, y);
}

/** A bar of round length in the lower left corner; nothing when the pixel size is not known. */
export function scaleBar(g: Context, axis: Axis, perPixel: number, width: number, height: number): void {
  const size = round125(width * .28 / perPixel * axis.step), bar = size / axis.step * perPixel, x = 12, y = height - 14;
  if (!axis.unit || axis.values || !(bar > 8)) return;
  g.fillStyle = 'rgba(0,0,0,.6)';
  g.fillRect(x - 1, y - 1, bar + 2, 5);
  g.fillStyle = '#fff';
  g.fillRect(x, y, bar, 3);
  write(g, length(size, axis.unit, 3), x + bar / 2, y - 6, 'center');
}

/** An index with what it means: "64 (41.6 \u00b5m)". */
export function place(axis: Axis, index: number): string {
  const i = Math.round(index), v = axis.values?.[i];
  return v !== undefined ? `${i} (${quantity(v, axis.unit)})` : axis.step ? `${i} (${length(i * axis.step, axis.unit)})` : `${i}`;
}
