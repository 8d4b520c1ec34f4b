import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lut, lutSize, names, pixel, shaped, table } from '../src/colors';
import { component, unwrap } from '../src/complex';
import { notFinite, paint } from '../src/paint';
import { outside } from '../src/resample';
import { length, number, round125 } from '../src/text';
import { plane, random } from './support';

test('gray is gray, and ends are black and white', () => {
  assert.deepEqual(table('gray').map(c => c[0]), Array.from({ length: 256 }, (_, i) => i));
  assert.deepEqual(table('viridis')[0], [0x44, 0x01, 0x54]);
  assert.deepEqual(table('magma')[255], [0xfc, 0xfd, 0xbf]);
  assert.deepEqual(table('unheard of'), table('gray'));
});

test('a turn of phase ends where it began and no hue is brighter', () => {
  const t = table('phase'), light = t.map(([r, g, b]) => .299 * r + .587 * g + .114 * b);
  assert.ok(t[0].every((v, i) => Math.abs(v - t[255][i]) < 3));
  assert.ok(Math.max(...light) - Math.min(...light) < 45);
});

test('every map has 256 colors', () => {
  for (const name of names) assert.ok(table(name).every(c => c.every(v => v >= 0 && v <= 255 && Number.isInteger(v))), name);
});

test('scales begin at 0, end at 1 and rise', () => {
  for (const s of ['linear', 'sqrt', 'log'] as const) {
    assert.deepEqual([shaped(0, s), +shaped(1, s).toFixed(12)], [0, 1]);
    assert.ok(shaped(.3, s) < shaped(.4, s));
  }
  assert.equal(lut('gray', 'linear').length, lutSize);
});

test('values outside the window take the color of the end, others none of it', () => {
  const into = new Uint32Array(6);
  paint(Float32Array.of(-5, 0, 1, 99, NaN, outside), 0, 1, lut('gray', 'linear'), into);
  const black = pixel([0, 0, 0]), white = pixel([255, 255, 255]);
  assert.deepEqual([...into.slice(0, 5)], [black, black, white, white, notFinite]);
  assert.ok(![black, white, notFinite].includes(into[5]));
});

test('components of complex values', () => {
  const re = plane(1, 3, (_, c) => [3, 0, -1][c]), im = plane(1, 3, (_, c) => [4, 2, 0][c]);
  assert.deepEqual([...component(re, im, 'amplitude').samples], [5, 2, 1]);
  assert.deepEqual([...component(re, im, 'phase').samples].map(v => +v.toFixed(4)), [.9273, 1.5708, 3.1416]);
  assert.equal(component(re, im, 'imaginary'), im);
});

test('a steep phase is unwrapped but for whole turns', () => {
  const truth = (r: number, c: number) => 12 * Math.exp(-((r - 30) ** 2 + (c - 25) ** 2) / 400) + .1 * c;
  const wrapped = plane(60, 50, (r, c) => Math.atan2(Math.sin(truth(r, c)), Math.cos(truth(r, c)))), out = unwrap(wrapped, new Float32Array(3000).fill(1));
  const shift = out[0] - truth(0, 0);
  assert.ok(Math.abs(shift / 2 / Math.PI - Math.round(shift / 2 / Math.PI)) < 1e-5);
  out.forEach((v, i) => assert.ok(Math.abs(v - truth(Math.floor(i / 50), i % 50) - shift) < 1e-4));
});

test('noise where there is no amplitude spoils nothing else', () => {
  const next = random(9), isNoise = (r: number, c: number) => r > 10 && r < 30 && c > 20 && c < 24, truth = (r: number, c: number) => .4 * r + .3 * c;
  const wrapped = plane(40, 45, (r, c) => isNoise(r, c) ? (next() - .5) * 6.28 : Math.atan2(Math.sin(truth(r, c)), Math.cos(truth(r, c))));
  const out = unwrap(wrapped, wrapped.samples.map((_, i) => isNoise(Math.floor(i / 45), i % 45) ? .01 : 1)), shift = out[0] - truth(0, 0);
  out.forEach((v, i) => isNoise(Math.floor(i / 45), i % 45) || assert.ok(Math.abs(v - truth(Math.floor(i / 45), i % 45) - shift) < 1e-4));
});

test('pixels without number are left alone, islands are still unwrapped', () => {
  const p = plane(1, 7, (_, c) => [0, 3, -3, NaN, 3, -3, -2.5][c]), out = unwrap(p, new Float32Array(7).fill(1));
  assert.ok(Number.isNaN(out[3]));
  assert.ok(Math.abs(out[2] - out[1]) < Math.PI && Math.abs(out[5] - out[4]) < Math.PI && Math.abs(out[6] - out[5]) < Math.PI);
});

test('numbers as people write them', () => {
  const cases: [number, string][] = [
    [0, '0'], [.01234, '0.01234'], [512, '512'], [12345.6, '12346'], [-2.5, '\u22122.5'], [1.2342e-7, '1.234\u00d710\u207b\u2077'], [3e9, '3\u00d710\u2079'],
    [NaN, 'NaN'], [Infinity, '\u221e'],
  ];
  for (const [v, text] of cases) assert.equal(number(v), text);
});

test('lengths in the unit that suits them', () => {
  const cases: [number, string, string][] = [[.65, '\u00b5m', '650 nm'], [41.6, '\u00b5m', '41.6 \u00b5m'], [1500, '\u00b5m', '1.5 mm'], [0, '\u00b5m', '0 \u00b5m'], [3, 'parsec', '3 parsec']];
  for (const [v, unit, text] of cases) assert.equal(length(v, unit), text);
});

test('bars have round lengths', () => assert.deepEqual([1, 1.9, 2.2, 4.99, 7, 73, .03].map(round125).map(v => +v.toPrecision(3)), [1, 1, 2, 2, 5, 50, .02]));
