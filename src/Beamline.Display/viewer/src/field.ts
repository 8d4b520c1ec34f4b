// A preview of an array [3 axes] held as codes, cut into planes.
import { decode, sizes, type Part } from './payload';
import type { Plane } from './plane';

/** A direction of cutting: the axis that the slider moves along, and those that run down and across. */
export interface Cut {
  title: string;
  along: number;
  down: number;
  across: number;
}

export interface Field {
  part: Part;
  codes: Uint8Array | Uint16Array;
  /** Preview pixels along each axis. */
  extents: number[];
  /** The largest code. */
  topCode: number;
  /** The value that a code stands for. */
  decoded(code: number): number;
  /** The plane at an array index along the cut's normal. */
  cutAt(cut: Cut, index: number): Plane;
}

export const field = async (part: Part): Promise<Field> => fieldOf(part, await decode(part));

export function fieldOf(part: Part, codes: Uint8Array | Uint16Array): Field {
  const extents = sizes(part), topCode = part.type === 'u8' ? 255 : 65535;
  const decoded = (code: number) => code ? part.low + (code - 1) / (topCode - 1) * (part.high - part.low) : NaN;
  return {
    part, codes, extents, topCode, decoded,
    cutAt({ along, down, across }, index) {
      const stride = [extents[1] * extents[2], extents[2], 1], rowCount = extents[down], colCount = extents[across];
      const samples = new Float32Array(rowCount * colCount), table = Float32Array.from({ length: topCode + 1 }, (_, i) => decoded(i));
      const base = Math.min(extents[along] - 1, Math.floor(index / part.steps[along])) * stride[along];
      for (let r = 0, o = 0; r < rowCount; r++) {
        for (let c = 0, i = base + r * stride[down]; c < colCount; c++, i += stride[across]) samples[o++] = table[codes[i]];
      }
      return {
        rowCount, colCount, samples, rowPace: part.steps[down], columnPace: part.steps[across], firstRow: 0, firstColumn: 0, isExact: false,
      };
    },
  };
}
