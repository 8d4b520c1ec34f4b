// Color maps: 256 colors each, the same ones that the kernel draws static pictures with (Colors/ColorTables.cs).

export type Rgb = [number, number, number];

// Evenly spaced anchors with straight lines between them. viridis and magma: matplotlib's maps, in the public domain.
const anchors: Record<string, string> = {
  gray: '000000ffffff',
  'inverted-gray': 'ffffff000000',
  viridis:
    '440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c1f988b1fa08822a78528ae8032b67a3fbc734ec36b5ec96270cf5784d44b98d83eaddc30c2df23d8e219ece51bfde725',
  magma:
    '0000040303120a0822130d341d114729115a36106b440f7651127c5d177f6a1c81762181832681902a819c2e7faa337db73779c43c75d0416fdc4869e75263ef5d5ef56b5cf9795dfc8961fd9869fea772feb67cfec488fed395fde2a3fcf0b2fcfdbf',
};

/** Names of all maps, as the kernel knows them. */
export const names = [...Object.keys(anchors), 'phase', 'diverging'];

/** Maps whose end has the color of their start. */
export const isCyclic = (name: string): boolean => name === 'phase';

/** 256 colors of a map; gray for a name that is not known. */
export function table(name: string): Rgb[] {
  const at = (i: number): Rgb => {
    const t = i / 255;
    if (name === 'phase') return okLab(.72, .115, 2 * Math.PI * t - Math.PI / 3);
    if (name === 'diverging') {
      const side = Math.abs(2 * t - 1);
      return okLab(.97 - .53 * side, .16 * side * (1.25 - .25 * side), (t < .5 ? 255 : 28) * Math.PI / 180);
    }
    const hex = anchors[name] ?? anchors.gray, place = t * (hex.length / 6 - 1), left = Math.min(Math.floor(place), hex.length / 6 - 2);
    const channel = (k: number, c: number) => parseInt(hex.substr(k * 6 + c * 2, 2), 16);
    return [0, 1, 2].map(c => Math.round(channel(left, c) + (channel(left + 1, c) - channel(left, c)) * (place - left))) as Rgb;
  };
  return Array.from({ length: 256 }, (_, i) => at(i));
}

/** How evenly spaced values become evenly spaced colors. */
export type Scale = 'linear' | 'sqrt' | 'log';

/** 0..1 of the window to 0..1 of the color map. */
export function shaped(t: number, scale: Scale): number {
  return scale === 'sqrt' ? Math.sqrt(t) : scale === 'log' ? Math.log1p(999 * t) / Math.log(1000) : t;
}

export const lutSize = 1024;

/** Colors for `lutSize` steps of the window as 32-bit canvas pixels (little endian: alpha, blue, green, red). */
export function lut(name: string, scale: Scale): Uint32Array {
  const colors = table(name);
  return Uint32Array.from({ length: lutSize }, (_, i) => pixel(colors[Math.round(shaped(i / (lutSize - 1), scale) * 255)]));
}

export const pixel = ([r, g, b]: Rgb): number => (0xff << 24 | b << 16 | g << 8 | r) >>> 0;

// Bjoern Ottosson, "A perceptual color space for image processing" (2020), public domain.
function okLab(light: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos(hue), b = chroma * Math.sin(hue);
  const l = (light + .3963377774 * a + .2158037573 * b) ** 3;
  const m = (light - .1055613458 * a - .0638541728 * b) ** 3;
  const s = (light - .0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + .2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - .3413193965 * s,
    -.0041960863 * l - .7034186147 * m + 1.7076147010 * s,
  ].map(v => {
    const c = Math.min(1, Math.max(0, v));
    return Math.round(255 * (c <= .0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - .055));
  }) as Rgb;
}
