// What keys mean on a picture.

/** Runs the action of a key. */
export function pressKey(key: string, actions: Record<string, () => void>): boolean {
  actions[key === '=' ? '+' : key === ' ' ? 'Enter' : key]?.();
  return key in actions || key === '=' || key === ' ' && 'Enter' in actions;
}

/** The four arrows: steps across and down. */
export const arrows = (by: (across: number, down: number) => void): Record<string, () => void> => ({
  ArrowLeft: () => by(-1, 0), ArrowRight: () => by(1, 0), ArrowUp: () => by(0, -1), ArrowDown: () => by(0, 1),
});
