// What the kernel wrote into the output, and how it becomes numbers again.

/** Of this script. It reads payloads of this version and all before it: outputs of several versions may share a page. */
export const version = 1;

export interface Axis {
  name: string;
  /** Unit of `step`, for instance µm; empty when the axis only counts. */
  unit: string;
  /** Size of one array pixel in `unit`; 0 when not known. */
  step: number;
  /** The value at each array index, for instance angles; absent when evenly spaced from 0. */
  values?: number[];
}

export interface Part {
  name: string;
  /** Shape of the array, slowest axis first; always three numbers. */
  shape: number[];
  /** Array pixels for one preview pixel along each axis. */
  steps: number[];
  /** u8 or u16: code 0 is a value that is not finite, the others run evenly from `low` to `high`. */
  type: 'u8' | 'u16';
  low: number;
  high: number;
  /** True when values outside low and high were cut to them. */
  clipped?: boolean;
  /** delta: each code is stored as the difference from the one before. */
  coding: 'raw' | 'delta';
  /** base64 of gzip. */
  bytes: string;
}

export type Kind = 'volume' | 'stack' | 'series' | 'image' | 'sinogram' | 'complex';

export interface Payload {
  v: number;
  kind: Kind;
  /** One line about the value. */
  text: string;
  axes: Axis[];
  quantity: { name: string; unit: string };
  /** One part; two to compare; amplitude-free real and imaginary part for complex. */
  parts: Part[];
  window: number[];
  map: string;
  /** Array indexes to begin at. */
  at?: number[];
  /** What to begin with. A volume: 3D alone as 0 maximum, 1 surface, 2 volume. Complex: one of the components. */
  mode?: number | string;
  live?: { target: string; id: string };
}

/** The payload cannot be used; the message is for the reader. */
export class PayloadError extends Error {
  constructor(what: string) {
    super(`The saved data of this viewer is damaged: ${what}.`);
  }
}

const most = 1 << 26;

/** Throws a PayloadError unless everything that the viewer relies on is there. */
export function check(p: Payload): Payload {
  const bad = (what: string): never => { throw new PayloadError(what); };
  if (!p || typeof p !== 'object') bad('there is none');
  if (!(p.v <= version)) bad(`it has version ${p.v}, this viewer reads ${version}`);
  if (!['volume', 'stack', 'series', 'image', 'sinogram', 'complex'].includes(p.kind)) bad(`unknown kind '${p.kind}'`);
  if (!Array.isArray(p.axes) || p.axes.length !== 3) bad('it has no three axes');
  if (!Array.isArray(p.parts) || p.parts.length < (p.kind === 'complex' ? 2 : 1)) bad('it has no values');
  if (!(p.window?.length === 2 && p.window.every(Number.isFinite) && p.window[0] < p.window[1])) bad('its window is not two rising numbers');
  for (const part of p.parts) {
    const counts = (list: number[]) => Array.isArray(list) && list.length === 3 && list.every(n => Number.isInteger(n) && n > 0);
    if (!counts(part.shape) || !counts(part.steps)) bad('the shape is not three numbers');
    if (sizes(part).reduce((a, b) => a * b) > most) bad('it is too large');
    if (part.type !== 'u8' && part.type !== 'u16') bad(`unknown type '${part.type}'`);
    if (!(Number.isFinite(part.low) && Number.isFinite(part.high))) bad('the value range is not finite');
    if (String(part.shape) !== String(p.parts[0].shape)) bad('its parts have different shapes');
  }
  return p;
}

/** Preview pixels along each axis. */
export const sizes = (part: Part): number[] => part.shape.map((n, i) => Math.ceil(n / part.steps[i]));

/** The codes of a part. */
export async function decode(part: Part): Promise<Uint8Array | Uint16Array> {
  const count = sizes(part).reduce((a, b) => a * b);
  const wide = part.type === 'u16';
  let raw: Uint8Array;
  try {
    const packed = Uint8Array.from(atob(part.bytes), c => c.charCodeAt(0));
    raw = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
  } catch {
    throw new PayloadError('it cannot be unpacked');
  }
  if (raw.length !== count * (wide ? 2 : 1)) {
    throw new PayloadError(`${raw.length} bytes where ${count * (wide ? 2 : 1)} belong`);
  }
  return wide ? joined(raw, count, part.coding === 'delta') : part.coding === 'delta' ? summed(raw) : raw;
}

function summed(codes: Uint8Array): Uint8Array {
  for (let i = 1; i < codes.length; i++) codes[i] += codes[i - 1];
  return codes;
}

// All high bytes, then all low bytes; differences with their sign in the lowest bit.
function joined(raw: Uint8Array, count: number, delta: boolean): Uint16Array {
  const codes = new Uint16Array(count);
  let before = 0;
  for (let i = 0; i < count; i++) {
    const word = raw[i] << 8 | raw[count + i];
    codes[i] = before = delta ? before + (word >> 1 ^ -(word & 1)) & 0xffff : word;
  }
  return codes;
}
