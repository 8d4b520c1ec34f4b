// Payload parts as the kernel writes them, made independently of the decoder.
import { gzipSync } from 'node:zlib';
import type { Part, Payload } from '../src/payload';
import type { Plane } from '../src/plane';

export function part(codes: number[], shape: number[], type: 'u8' | 'u16' = 'u8', coding: 'raw' | 'delta' = 'delta', extra: Partial<Part> = {}): Part {
  const n = codes.length, bytes = new Uint8Array(type === 'u8' ? n : 2 * n);
  codes.forEach((c, i) => {
    const before = i && coding === 'delta' ? codes[i - 1] : 0;
    if (type === 'u8') bytes[i] = (c - before + 256) % 256;
    else {
      let word = c;
      if (coding === 'delta') {
        // The difference as a signed 16-bit number, its sign in the lowest bit.
        const d = ((c - before) % 65536 + 65536 + 32768) % 65536 - 32768;
        word = d >= 0 ? 2 * d : -2 * d - 1;
      }
      bytes[i] = Math.floor(word / 256);
      bytes[n + i] = word % 256;
    }
  });
  return { name: 'a', shape, steps: [1, 1, 1], type, low: 0, high: 1, coding, bytes: gzipSync(bytes).toString('base64'), ...extra };
}

export const payload = (parts: Part[], extra: Partial<Payload> = {}): Payload => ({
  v: 1, kind: 'volume', text: 'Volume', axes: ['z', 'y', 'x'].map(name => ({ name, unit: '', step: 1 })), quantity: { name: '', unit: '' },
  parts, window: [0, 1], map: 'gray', ...extra,
});

export const plane = (rowCount: number, colCount: number, value: (r: number, c: number) => number, pace = 1, first = 0): Plane => ({
  rowCount, colCount, samples: Float32Array.from({ length: rowCount * colCount }, (_, i) => value(Math.floor(i / colCount), i % colCount)),
  rowPace: pace, columnPace: pace, firstRow: first, firstColumn: first, isExact: false,
});

/** Numbers that look random and are the same each time. */
export function random(seed: number): () => number {
  return () => (seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32;
}
