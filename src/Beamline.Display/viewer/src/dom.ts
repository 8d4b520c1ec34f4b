// Small helpers that make elements. Text is always set as text, never as HTML.

type Attributes = Record<string, string | number | boolean | ((e: any) => void) | undefined>;

/** Text attributes are set, functions listen to the event of that name. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') on(e, name, value);
    else if (value !== undefined && value !== false) e.setAttribute(name, value === true ? '' : String(value));
  }
  e.append(...children);
  return e;
}

/** Listens to some events, named with blanks between. */
export function on(e: EventTarget, names: string, heard: (e: any) => void, options?: AddEventListenerOptions): void {
  names.split(' ').forEach(name => e.addEventListener(name, heard, options));
}

/** A labeled list to choose from. */
export function choice(label: string, options: [string, string][], value: string, changed: (v: string) => void): [HTMLLabelElement, HTMLSelectElement] {
  const select = el('select', { 'aria-label': label, change: () => changed(select.value) }, ...options.map(([v, text]) => el('option', { value: v }, text)));
  select.value = value;
  return [el('label', {}, el('span', {}, label), select), select];
}

/** A slider with a name for screen readers. */
export function slider(name: string, min: number, max: number, value: number, step: number | 'any', changed: (v: number) => void): HTMLInputElement {
  const input = el('input', { type: 'range', min, max, step, 'aria-label': name, input: () => changed(+input.value) });
  input.value = String(value);
  return input;
}

/** A button; `tip` is its name for screen readers when the text is short. One that `toggles` shows whether it is pressed. */
export function button(text: string, tip: string, click: () => void, toggles = false): HTMLButtonElement {
  return el('button', { type: 'button', 'aria-label': tip, title: tip, 'aria-pressed': toggles ? 'false' : undefined, click }, text);
}

export const press = (b: Element, pressed: boolean): void => b.setAttribute('aria-pressed', String(pressed));

/** Canvas pixels for one CSS pixel. */
export const density = (): number => Math.min(2, globalThis.devicePixelRatio || 1);

/** Gives a canvas a size in CSS pixels and a context that counts in them. */
export function context(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const k = density();
  canvas.width = Math.max(1, Math.round(width * k));
  canvas.height = Math.max(1, Math.round(height * k));
  const g = canvas.getContext('2d')!;
  g.scale(k, k);
  return g;
}

/** True when the keyboard speaks to an element. */
export const hasFocus = (e: Element): boolean => (e.getRootNode() as ShadowRoot).activeElement === e;
