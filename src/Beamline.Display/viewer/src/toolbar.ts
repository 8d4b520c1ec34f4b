// The row of tools and choices above the panels.
import { names, type Scale } from './colors';
import { components, type Component } from './complex';
import { button, choice, el, press, slider } from './dom';
import type { Compare, Model, Tool } from './model';

const tools: [Tool, string, string][] = [
  ['cross', 'Crosshair', 'Crosshair'], ['pan', 'Move', 'Move the picture'], ['line', 'Line', 'Line profile'],
  ['roi', 'ROI', 'ROI: region of interest'], ['background', 'Background', 'Background region'],
];

const keys = 'Ctrl and wheel or two fingers zoom; the wheel changes the slice of a clicked picture; a double click shows all. ' +
  'Keys: arrows (Shift: ten times) move the crosshair or turn the volume; Page Up and Down change the slice; + and \u2212 zoom; ' +
  '0 shows all; Enter begins and ends a line or region, Escape removes it; F enlarges; S saves a PNG.';

export function makeToolbar(m: Model, reset: () => void): { outer: HTMLElement; redraw(): void } {
  const buttons = tools.map(([tool, text, tip]) => button(text, tip, () => m.alter({ tool }), true));
  const [map, mapList] = choice('Colors', names.map(n => [n, n === 'phase' ? 'phase (cyclic)' : n]), m.colorMap, v => m.alter({ colorMap: v }));
  const [curve] = choice('Scale', [['linear', 'linear'], ['sqrt', 'square root'], ['log', 'logarithmic']], m.curve, v => m.alter({ curve: v as Scale }));
  const smooth = el('input', { type: 'checkbox', change: () => m.alter({ isSmooth: smooth.checked }) });
  smooth.checked = m.isSmooth;
  const outer = el('div', { class: 'b', role: 'group', 'aria-label': 'Viewer tools' }, el('span', { class: 'x' }, ...buttons));
  if (m.isComplex) {
    outer.append(choice('Show', components.map(c => [c, c === 'composite' ? 'phase and amplitude' : c]), m.aspect, v => m.showAspect(v as Component))[0]);
  }
  const curtain = slider('Place of the curtain', 0, 1, m.curtainAt, 'any', v => m.alter({ curtainAt: v }));
  if (m.canCompare) {
    const [a, b] = m.payload.parts.map(p => p.name);
    let timer = 0;
    outer.append(choice('Compare', [['first', a], ['second', b], ['curtain', 'curtain'], ['flicker', 'flicker'], ['difference', 'difference']], m.versus, v => {
      clearInterval(timer);
      m.alter({ versus: v as Compare });
      // Below three changes in a second: nobody is hurt by it.
      if (v === 'flicker') timer = +setInterval(() => outer.isConnected ? m.alter({ isFlipped: !m.isFlipped }) : clearInterval(timer), 600);
    })[0], curtain);
  }
  const text = el('p', { class: 'e', hidden: true }, keys), help = button('?', 'Keys and mouse', () => press(help, !(text.hidden = !text.hidden)), true);
  outer.append(map, curve, el('label', {}, smooth, 'smooth'), button('Reset', 'Reset the view', reset), help, text);
  return {
    outer,
    redraw() {
      buttons.forEach((b, i) => press(b, tools[i][0] === m.tool));
      mapList.value = m.colorMap;
      curtain.hidden = m.versus !== 'curtain';
      curtain.value = String(m.curtainAt);
    },
  };
}
