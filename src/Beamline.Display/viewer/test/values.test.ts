import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeHistogram, histogram, otsu, percentile, percentWindow } from '../src/histogram';
import { cnr, profile, snr, statistics } from '../src/measure';
import { interpolate, valueAt } from '../src/plane';
import { outside, resample } from '../src/resample';
import { extent, ticks } from '../src/series';
import { plane, random } from './support';

const near = (a: number, b: number, within: number) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b} within ${within}`);

test('a histogram counts finite values only, both ends included', () => {
  const h = histogram([0, .5, 1, NaN, 2, -1], 0, 1, 4);
  assert.deepEqual([...h.counts], [1, 0, 1, 1]);
  assert.equal(h.total, 3);
});

test('code 0 counts for nothing', () => {
  const h = codeHistogram(Uint8Array.of(0, 0, 1, 255, 255), 255, 0, 1);
  assert.equal(h.total, 3);
  assert.deepEqual([h.counts[0], h.counts[254]], [1, 2]);
});

test('percentiles of even values', () => {
  const h = histogram(Float64Array.from({ length: 10_000 }, (_, i) => i / 9999), 0, 1);
  for (const p of [0, 1, 25, 50, 99, 100]) near(percentile(h, p), p / 100, .004);
});

test('a percentile is a value that occurs, whatever lies empty between', () => {
  const h = histogram([...Array(90).fill(0), ...Array(10).fill(1)], 0, 1, 100);
  near(percentile(h, 50), 0, .011);
  near(percentile(h, 95), 1, .011);
});

test('a window is never empty', () => {
  assert.deepEqual(percentWindow({ low: 5, high: 5, counts: new Float64Array([7]), total: 7 }, 1, 99), [2.5, 7.5]);
  const none = percentWindow(histogram([], 0, 0), 1, 99);
  assert.ok(none[0] < none[1]);
});

test('Otsu parts two groups in their middle', () => {
  const next = random(3), values = Array.from({ length: 4000 }, (_, i) => (i % 3 ? .2 : .8) + (next() - .5) * .1);
  near(otsu(histogram(values, 0, 1)), .5, .06);
});

test('values at array positions of a binned plane', () => {
  const p = plane(3, 4, (r, c) => 10 * r + c, 2);
  assert.deepEqual([valueAt(p, 0, 0), valueAt(p, 1.4, 1.4), valueAt(p, 2, 3), valueAt(p, 5, 7)], [0, 0, 11, 23]);
  assert.ok([valueAt(p, -1, 0), valueAt(p, 6, 0), valueAt(p, 0, 8)].every(Number.isNaN));
  assert.equal(valueAt(plane(2, 2, (r, c) => 2 * r + c, 1, 100), 101, 100), 2);
});

test('interpolation is exact on a ramp, also where a plane pixel stands for several', () => {
  for (const pace of [1, 2, 4]) {
    // The mean of a ramp over a block is the ramp at the block's middle.
    const p = plane(6, 7, (r, c) => 3 * (r * pace + (pace - 1) / 2) + 2 * (c * pace + (pace - 1) / 2), pace);
    near(interpolate(p, 2.3 * pace, 3.6 * pace), 3 * 2.3 * pace + 2 * 3.6 * pace, 1e-4);
  }
});

test('a neighbor that is not a number does not spread', () => {
  const p = plane(2, 2, (r, c) => r + c === 2 ? NaN : 5);
  assert.equal(interpolate(p, .2, .2), 5);
});

test('a profile has its ends and its length', () => {
  const line = profile(plane(50, 50, (r, c) => r + 2 * c), { row: 3, column: 4 }, { row: 33, column: 44 });
  assert.equal(line.length, 51);
  near(line[0], 11, 1e-4);
  near(line[25], 18 + 2 * 24, 1e-4);
  near(line[50], 33 + 88, 1e-4);
});

test('statistics against sums', () => {
  const next = random(11), p = plane(40, 40, (r, c) => r === 12 && c === 12 ? NaN : 1000 + next()), values: number[] = [];
  for (let r = 10; r <= 14; r++) for (let c = 11; c <= 19; c++) if (r !== 12 || c !== 12) values.push(p.samples[r * 40 + c]);
  const s = statistics(p, { row: 14.4, column: 19.4 }, { row: 9.6, column: 10.7 });
  const mean = values.reduce((a, b) => a + b) / values.length, variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  assert.equal(s.count, 44);
  near(s.mean, mean, 1e-9);
  near(s.std, Math.sqrt(variance), 1e-9);
  assert.deepEqual([s.min, s.max], [Math.min(...values), Math.max(...values)]);
});

test('a region without pixels has no mean', () => {
  const s = statistics(plane(4, 4, () => 1), { row: 1.2, column: 1.2 }, { row: 1.4, column: 1.4 });
  assert.equal(s.count, 0);
  assert.ok(Number.isNaN(s.mean));
});

test('a region of a binned plane takes the pixels whose middles lie in it', () => {
  const s = statistics(plane(4, 4, (r, c) => 4 * r + c, 4), { row: 0, column: 0 }, { row: 7, column: 3 });
  assert.equal(s.count, 2);
  assert.equal(s.mean, 2);
});

test('signal and contrast to noise', () => {
  const a = { count: 9, mean: 8, std: 2, min: 0, max: 0 }, b = { count: 9, mean: 2, std: .5, min: 0, max: 0 };
  assert.deepEqual([snr(a), cnr(a, b)], [4, 12]);
});

test('a picture that shrinks shows means, one that grows shows pixels', () => {
  const p = plane(4, 4, (r, c) => r * 4 + c);
  assert.deepEqual([...resample(p, { ox: 0, oy: 0, sx: .5, sy: .5 }, 2, 2, false)], [2.5, 4.5, 10.5, 12.5]);
  assert.deepEqual([...resample(plane(1, 2, (_, c) => c), { ox: 0, oy: 0, sx: 2, sy: 1 }, 4, 1, false)], [0, 0, 1, 1]);
});

test('what lies beside the picture is marked and values without number stay', () => {
  const out = resample(plane(1, 2, (_, c) => c ? NaN : 1), { ox: 1, oy: 0, sx: 1, sy: 1 }, 4, 1, false);
  assert.deepEqual([...out], [outside, 1, NaN, outside]);
});

test('a mean leaves out values without number', () =>
  assert.deepEqual([...resample(plane(1, 2, (_, c) => c ? NaN : 6), { ox: 0, oy: 0, sx: .5, sy: 1 }, 1, 1, false)], [6]));

test('resampling keeps the mean of an image', () => {
  const next = random(5), p = plane(90, 90, () => next()), mean = (v: Float32Array) => v.reduce((a, b) => a + b) / v.length;
  near(mean(resample(p, { ox: 0, oy: 0, sx: 1 / 3, sy: 1 / 3 }, 30, 30, false)), mean(p.samples), 1e-6);
});

test('extents and ticks', () => {
  assert.deepEqual(extent([NaN, 3, -1, Infinity]), [-1, 3]);
  assert.deepEqual(extent([]), [0, 1]);
  assert.deepEqual(extent([4]), [2, 6]);
  assert.deepEqual(ticks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(-.3, .3, 3).map(v => +v.toFixed(3)), [-.2, 0, .2]);
});
