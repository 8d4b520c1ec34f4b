// The frame around every picture: a header with its name and controls, and a canvas that follows its size.
import { button, density, el, on } from './dom';
import type { Model } from './model';

export interface Panel {
  title: string;
  outer: HTMLElement;
  face: HTMLCanvasElement;
  /** Controls of the panel's own go here. */
  controls: HTMLElement;
  /** Size in CSS pixels. */
  wide: number;
  tall: number;
  resizeTo(wide: number, tall: number): void;
  /** Draws if the panel can be seen and something changed. */
  redraw(): void;
  /** Draws, also what was never scrolled to. */
  paintAll(): void;
  /** Shows all of the picture again. */
  fitAll(): void;
}

/** What one kind of panel does itself. */
export interface Own {
  /** `isSaved` leaves out what belongs to the screen only. */
  paintAll(isSaved?: boolean): void;
  /** True when the key meant something. */
  pressed(key: string, far: boolean): boolean;
  describeState(): void;
  fitAll(): void;
  /** True when a finger that moves up or down drags something; else it scrolls the page. */
  takesDrags(): boolean;
}

export function makePanel(m: Model, title: string, help: string, own: Own, enlarge?: (p: Panel) => void): Panel {
  const face = el('canvas', { tabindex: 0, role: 'application', 'aria-label': `${title}. ${help}` });
  const controls = el('span', { class: 's' });
  let isShown = false;
  const save = () => {
    own.paintAll(true);
    el('a', { href: face.toDataURL(), download: `${title.replace(/\W+/g, '-')}.png` }).click();
    own.paintAll();
  };
  const header = el('div', { class: 'h' }, el('b', {}, title), controls, button('PNG', `Save ${title} as PNG`, save));
  const p: Panel = {
    title, face, controls, wide: 0, tall: 0,
    fitAll: () => own.fitAll(),
    paintAll: () => own.paintAll(),
    outer: el('div', { class: 'p', role: 'group', 'aria-label': title }, header, face),
    resizeTo(wide, tall) {
      if (p.wide === wide && p.tall === tall) return;
      Object.assign(p, { wide, tall });
      face.style.height = `${tall}px`;
      face.width = Math.round(wide * density());
      face.height = Math.round(tall * density());
    },
    redraw() {
      own.describeState();
      face.style.touchAction = own.takesDrags() ? 'none' : '';
      if (isShown && p.wide) own.paintAll();
    },
  };
  if (enlarge) header.append(button('\u2922', `Enlarge ${title}`, () => enlarge(p), true));
  on(face, 'keydown', (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === 's') save();
    else if (e.key === 'f' && enlarge) enlarge(p);
    else if (!own.pressed(e.key, e.shiftKey)) return;
    e.preventDefault();
    // Front ends have shortcuts for the same keys.
    e.stopPropagation();
  });
  // Nothing is drawn before it is scrolled to.
  new IntersectionObserver(entries => {
    isShown = entries.pop()!.isIntersecting;
    if (isShown) m.announce();
  }, { rootMargin: '200px' }).observe(face);
  return p;
}
