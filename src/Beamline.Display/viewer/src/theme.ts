// Light or dark: what lies behind the output decides, so that no front end needs to be known.

const color = /rgba?\((\d+)[, ]+(\d+)[, ]+(\d+)(?:[,/ ]+([\d.]+))?/;

/** True when the first background behind an element that is not see-through is dark. */
export function isDark(element: Element): boolean {
  for (let e: Element | null = element; e; e = parent(e)) {
    const m = color.exec(getComputedStyle(e).backgroundColor);
    if (m && (m[4] === undefined || +m[4] > .5)) return .299 * +m[1] + .587 * +m[2] + .114 * +m[3] < 128;
  }
  // VS Code's outputs are see-through down to the window; a page without colors has those of its scheme.
  const marks = document.body.className, scheme = getComputedStyle(document.body).colorScheme;
  return /vscode-(dark|high-contrast)/.test(marks) ? !/-light/.test(marks) : /dark/.test(scheme) && (!/light/.test(scheme) || prefersDark().matches);
}

const prefersDark = () => matchMedia('(prefers-color-scheme: dark)');

const parent = (e: Element): Element | null => e.parentElement ?? (e.getRootNode() as ShadowRoot).host ?? null;

/** Calls back whenever the front end's theme may have changed. */
export function onTheme(changed: () => void): void {
  // Front ends switch by an attribute or class of the page, and load the colors a moment later.
  const later = () => [0, 100, 600].forEach(ms => setTimeout(changed, ms)), observer = new MutationObserver(later);
  for (const e of [document.documentElement, document.body]) observer.observe(e, { attributes: true });
  prefersDark().addEventListener('change', later);
}
