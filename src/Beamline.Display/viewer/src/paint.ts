// Values become colors.
import { lutSize, pixel, shaped, table, type Scale } from './colors';
import { outside } from './resample';

const backdrop = 0xff161210;

/** What a value that is not finite looks like. */
export const notFinite = pixel([255, 0, 200]);

/** Paints values into 32-bit canvas pixels with `lutSize` colors from low to high. */
export function paint(values: Float32Array, low: number, high: number, colors: Uint32Array, into: Uint32Array): void {
  const k = (lutSize - 1) / (high - low), last = lutSize - 1;
  for (let i = 0; i < values.length; i++) {
    const v = values[i], t = (v - low) * k;
    into[i] = t >= 0 ? t < last ? colors[t + .5 | 0] : v === outside ? backdrop : colors[last] : t === t ? colors[0] : notFinite;
  }
}

/** Phase as hue and amplitude as brightness. */
export function paintComposite(re: Float32Array, im: Float32Array, low: number, high: number, curve: Scale, into: Uint32Array): void {
  const hues = table('phase');
  for (let i = 0; i < re.length; i++) {
    const a = Math.hypot(re[i], im[i]), t = shaped(Math.min(1, Math.max(0, (a - low) / (high - low))), curve);
    const [r, g, b] = hues[Math.round((Math.atan2(im[i], re[i]) + Math.PI) / (2 * Math.PI) * 255) || 0];
    into[i] = re[i] === outside ? backdrop : a === a ? 0xff000000 | b * t << 16 | g * t << 8 | r * t : notFinite;
  }
}
