import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { field } from '../src/field';
import { check, decode, PayloadError, sizes } from '../src/payload';
import { part, payload, random } from './support';

for (const type of ['u8', 'u16'] as const) {
  for (const coding of ['raw', 'delta'] as const) {
    test(`codes come back: ${type} ${coding}`, async () => {
      const next = random(7), top = type === 'u8' ? 255 : 65535, codes = Array.from({ length: 60 }, () => Math.floor(next() * (top + 1)));
      codes.splice(0, 4, top, 0, top, 1);
      assert.deepEqual([...await decode(part(codes, [3, 4, 5], type, coding))], codes);
    });
  }
}

test('code 0 is no number and the others run from low to high', async () => {
  const f = await field(part([0, 1, 128, 255], [1, 1, 4], 'u8', 'raw', { low: -2, high: 4 }));
  assert.ok(Number.isNaN(f.decoded(0)));
  assert.deepEqual([1, 128, 255].map(f.decoded), [-2, 1, 4]);
});

test('a plane of any axis has the right voxels', async () => {
  const f = await field(part(Array.from({ length: 24 }, (_, i) => i + 1), [2, 3, 4], 'u8', 'delta', { low: 1, high: 255 }));
  const at = (along: number, index: number, down: number, across: number) => [...f.cutAt({ title: '', along, down, across }, index).samples];
  assert.deepEqual(at(0, 1, 1, 2), [13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  assert.deepEqual(at(1, 2, 0, 2), [9, 10, 11, 12, 21, 22, 23, 24]);
  assert.deepEqual(at(2, 3, 1, 0), [4, 16, 8, 20, 12, 24]);
});

test('a preview answers for the array pixels that it stands for', async () => {
  const f = await field(part([10, 20, 30], [5, 1, 1], 'u8', 'raw', { steps: [2, 1, 1], low: 1, high: 255 }));
  assert.deepEqual(f.extents, [3, 1, 1]);
  assert.deepEqual([0, 1, 2, 4].map(i => f.cutAt({ title: '', along: 0, down: 1, across: 2 }, i).samples[0]), [10, 10, 20, 30]);
});

test('sizes round up', () => assert.deepEqual(sizes(part([], [5, 8, 9], 'u8', 'raw', { steps: [2, 4, 3] })), [3, 2, 3]));

const damaged: [string, (p: any) => void, RegExp][] = [
  ['of another version', p => p.v = 2, /version 2/],
  ['of no known kind', p => p.kind = 'movie', /unknown kind/],
  ['without axes', p => delete p.axes, /axes/],
  ['without parts', p => p.parts = [], /no values/],
  ['complex with one part', p => p.kind = 'complex', /no values/],
  ['with an empty window', p => p.window = [1, 1], /window/],
  ['with a window of text', p => p.window = ['a', 'b'], /window/],
  ['with a shape of zero', p => p.parts[0].shape = [0, 1, 1], /shape/],
  ['with a broken shape', p => p.parts[0].shape = [1.5, 1, 1], /shape/],
  ['with a shape beyond reason', p => p.parts[0].shape = [1e5, 1e5, 1e5], /too large/],
  ['with another type', p => p.parts[0].type = 'f64', /unknown type/],
  ['with an infinite range', p => p.parts[0].high = null, /range/],
  ['with parts of different shapes', p => p.parts.push({ ...p.parts[0], shape: [4, 1, 1] }), /different shapes/],
];
for (const [what, damage, why] of damaged) {
  test(`a payload ${what} is refused`, () => {
    const p = payload([part([1, 2, 3, 4], [1, 1, 4])]);
    assert.equal(check(p), p);
    damage(p);
    assert.throws(() => check(p), (e: Error) => e instanceof PayloadError && why.test(e.message));
  });
}
test('nothing at all is refused', () => assert.throws(() => check(null as never), PayloadError));

const bytes: [string, string][] = [
  ['no base64', '%%%'], ['no gzip', Buffer.from('hello').toString('base64')],
  ['cut short', part([1, 2, 3, 4], [1, 1, 4]).bytes.slice(0, 20)], ['of another length', gzipSync(new Uint8Array(3)).toString('base64')],
];
for (const [what, text] of bytes) {
  test(`values that are ${what} are refused`, () => assert.rejects(decode(part([], [1, 1, 4], 'u8', 'raw', { bytes: text })), PayloadError));
}
