import assert from 'node:assert/strict';
import { test } from 'node:test';
import { camera, centered, dot, held, toArray, toScreen, zoomAt, type Vector } from '../src/geometry';

const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test('a fitted picture lies in the middle and pixel 0 begins at its edge', () => {
  const v = centered(10, 20, 300, 200, 10, 10);
  assert.deepEqual(v, { ox: 50, oy: 50, sx: 10, sy: 10 });
  assert.deepEqual(toScreen(v, 0, 0), [55, 55]);
  assert.deepEqual(toArray(v, 50, 50), [-.5, -.5]);
});

test('screen to array and back', () => {
  const v = { ox: -31, oy: 12, sx: 3.5, sy: .25 }, [row, column] = toArray(v, 17, 99), [x, y] = toScreen(v, row, column);
  close(x, 17);
  close(y, 99);
});

test('a zoom leaves what is under the pointer where it is', () => {
  const v = centered(50, 60, 300, 200, 4, 4), before = toArray(v, 70, 30), after = toArray(zoomAt(v, 70, 30, 1.7), 70, 30);
  close(before[0], after[0]);
  close(before[1], after[1]);
});

test('a picture cannot be dragged out of sight', () => {
  const v = held({ ox: 1e6, oy: -1e6, sx: 4, sy: 4 }, 50, 60, 300, 200);
  assert.equal(v.ox, 150);
  assert.equal(v.oy, 100 - 200);
});

test('the camera at rest has x right, z down and y toward the eye', () => {
  const c = camera(0, 0);
  const want: [Vector, Vector][] = [[c.right, [1, 0, 0]], [c.up, [0, 0, -1]], [c.toward, [0, 1, 0]]];
  want.forEach(([a, b]) => a.forEach((v, i) => close(v, b[i])));
});

test('the camera never mirrors the volume', () => {
  for (const [yaw, pitch] of [[0, 0], [.7, .3], [-2, 1.2], [3, -1]]) {
    const { right: r, up: u, toward: t } = camera(yaw, pitch);
    for (const [a, b, want] of [[r, r, 1], [u, u, 1], [t, t, 1], [r, u, 0], [r, t, 0], [u, t, 0]] as [Vector, Vector, number][]) close(dot(a, b), want);
    // right x up points to the eye.
    close(r[0] * (u[1] * t[2] - u[2] * t[1]) - r[1] * (u[0] * t[2] - u[2] * t[0]) + r[2] * (u[0] * t[1] - u[1] * t[0]), 1);
  }
});

test('a positive pitch looks down on the top of the volume', () => assert.ok(camera(0, .4).toward[2] < 0));
