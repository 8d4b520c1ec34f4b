// Where array pixels lie on a canvas. The center of pixel i is at i; it reaches from i - 0.5 to i + 0.5.

/** x = ox + (column + 0.5) * sx and y likewise, in canvas pixels. */
export interface View {
  ox: number;
  oy: number;
  sx: number;
  sy: number;
}

/** All of an array of rows x columns in a canvas. `scaleX` and `scaleY` are canvas pixels for one array pixel. */
export function centered(rows: number, columns: number, width: number, height: number, scaleX: number, scaleY: number): View {
  return { ox: (width - columns * scaleX) / 2, oy: (height - rows * scaleY) / 2, sx: scaleX, sy: scaleY };
}

/** Makes the picture `factor` times as large; what lies at (x, y) stays there. */
export function zoomAt(v: View, x: number, y: number, factor: number): View {
  return { ox: x - (x - v.ox) * factor, oy: y - (y - v.oy) * factor, sx: v.sx * factor, sy: v.sy * factor };
}

export const toScreen = (v: View, row: number, column: number): [number, number] => [v.ox + (column + .5) * v.sx, v.oy + (row + .5) * v.sy];

/** Row and column as broken numbers. */
export const toArray = (v: View, x: number, y: number): [number, number] => [(y - v.oy) / v.sy - .5, (x - v.ox) / v.sx - .5];

/** Keeps at least half of the canvas's middle over the picture. */
export function held(v: View, rows: number, columns: number, width: number, height: number): View {
  const clamp = (o: number, size: number, room: number) => Math.min(room / 2, Math.max(room / 2 - size, o));
  return { ...v, ox: clamp(v.ox, columns * v.sx, width), oy: clamp(v.oy, rows * v.sy, height) };
}

export type Vector = [number, number, number];

export interface Camera {
  right: Vector;
  up: Vector;
  /** From the volume to the eye. */
  toward: Vector;
}

/**
 * The eye turns about the volume's z axis by `yaw` and looks down by `pitch`, both in radians. At 0, 0 x runs right,
 * z down and y toward the eye: the volume is seen as it is, not as its mirror image.
 */
export function camera(yaw: number, pitch: number): Camera {
  const [s, c, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  return { right: [c, s, 0], up: [s * sp, -c * sp, -cp], toward: [-s * cp, c * cp, -sp] };
}

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
