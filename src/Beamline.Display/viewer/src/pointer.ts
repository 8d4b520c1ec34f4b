// Mouse, pen and fingers on a canvas: one pointer drags, two pinch. Places are CSS pixels from the canvas's corner.
import { hasFocus, on } from './dom';

export interface Gestures {
  begun(x: number, y: number): void;
  dragged(x: number, y: number, dx: number, dy: number): void;
  /** `isCancelled` when the browser took the finger, to scroll the page. */
  ended(isCancelled: boolean): void;
  /** No button is down; without a place when the pointer has left. */
  hovered?(x?: number, y?: number): void;
  /** Around a place, by a factor, and moved along. */
  pinched(x: number, y: number, factor: number, dx: number, dy: number): void;
  /** Up (-1) or down (1); `zooms` with Ctrl held, which is also what a touchpad's pinch sends. */
  wheeled(x: number, y: number, direction: number, zooms: boolean): void;
}

export function listen(canvas: HTMLCanvasElement, g: Gestures): void {
  const held = new Map<number, [number, number]>();
  let begin: (() => void) | undefined, isAlone = true;
  const at = (e: PointerEvent | WheelEvent): [number, number] => {
    const r = canvas.getBoundingClientRect();
    return [e.clientX - r.left, e.clientY - r.top];
  };
  on(canvas, 'pointerdown', (e: PointerEvent) => {
    if (e.button) return;
    const place = at(e);
    canvas.setPointerCapture(e.pointerId);
    held.set(e.pointerId, place);
    // A finger may be about to scroll the page, or a second one come: it begins when it moves or is lifted.
    isAlone = held.size < 2;
    begin = isAlone ? () => {
      begin = undefined;
      canvas.focus({ preventScroll: true });
      g.begun(...place);
    } : undefined;
    if (e.pointerType !== 'touch') begin?.();
  });
  on(canvas, 'pointermove', (e: PointerEvent) => {
    const [x, y] = at(e), before = held.get(e.pointerId);
    if (!before) return g.hovered?.(x, y);
    held.set(e.pointerId, [x, y]);
    if (held.size < 2) {
      begin?.();
      // What is left of two fingers drags nothing.
      return isAlone && g.dragged(x, y, x - before[0], y - before[1]);
    }
    const [ox, oy] = [...held].find(([id]) => id !== e.pointerId)![1];
    g.pinched((x + ox) / 2, (y + oy) / 2, Math.hypot(x - ox, y - oy) / (Math.hypot(before[0] - ox, before[1] - oy) || 1), (x - before[0]) / 2, (y - before[1]) / 2);
  });
  on(canvas, 'pointerup pointercancel', (e: PointerEvent) => {
    const isCancelled = e.type !== 'pointerup';
    if (!isCancelled) begin?.();
    begin = undefined;
    if (held.delete(e.pointerId) && !held.size) g.ended(isCancelled);
  });
  on(canvas, 'pointerleave', () => g.hovered?.());
  on(canvas, 'wheel', (e: WheelEvent) => {
    // A page that is scrolled past a picture must not get stuck on it.
    if (!e.ctrlKey && !hasFocus(canvas)) return;
    e.preventDefault();
    g.wheeled(...at(e), Math.sign(e.deltaY), e.ctrlKey);
  }, { passive: false });
}
