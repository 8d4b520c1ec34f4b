// The one global of the bundle. Every output brings the bundle along; the newest version on a page serves all that come later.
import { el, on } from './dom';
import { makeModel } from './model';
import { PayloadError, version, type Payload } from './payload';
import { onTheme } from './theme';
import type { Transport } from './live';
import { makeViewer, type Viewer } from './viewer';

const viewers = new Set<Viewer>();

/** Does something with each viewer of the page, and forgets those whose output is gone. */
function each(what: (v: Viewer) => unknown): void {
  viewers.forEach(v => v.isLeft() ? viewers.delete(v) : what(v));
}

/** Makes a viewer in each element with this mark; what stands in the element stays when that fails. */
function mount(mark: string, payload: Payload, tries = 60): void {
  const selector = `[data-beamline-viewer="${mark}"]:not([data-beamline-state])`, own = document.currentScript?.getRootNode();
  const places = [document, own === document || !own ? [] : own as ShadowRoot].flat().flatMap(r => [...r.querySelectorAll<HTMLElement>(selector)]);
  // Some front ends run a script before they put the output into the page.
  if (!places.length && tries) requestAnimationFrame(() => mount(mark, payload, tries - 1));
  for (const place of places) {
    place.dataset.beamlineState = 'loading';
    void start(place, payload);
  }
}

async function start(place: HTMLElement, payload: Payload): Promise<void> {
  try {
    const model = await makeModel(payload), host = el('div'), root = el('div', { class: 'v', role: 'group', 'aria-label': payload.text }), still = [...place.children];
    host.attachShadow({ mode: 'open' }).append(root);
    place.append(host);
    makeViewer(model, root, v => viewers.add(v));
    still.forEach(e => e.remove());
    place.dataset.beamlineState = 'ready';
  } catch (e) {
    place.dataset.beamlineState = 'failed';
    place.append(el('p', { role: 'alert', style: 'font:13px system-ui,sans-serif;margin:.4em 0' },
      `${e instanceof PayloadError ? e.message : `The viewer could not start: ${e}.`} The picture above is what was saved.`));
    console.error(e);
  }
}

const page = globalThis as any;
if (!(page.BeamlineViewer?.version >= version)) {
  page.BeamlineViewer = {
    version,
    mount,
    /** Brought before the first viewer, or by `connect`; outlives a newer version of this script. */
    transport: page.BeamlineViewer?.transport,
    /** Gives viewers a way to the kernel: those that are there, and those to come. */
    connect(transport: Transport) {
      page.BeamlineViewer.transport = transport;
      each(v => v.connect());
    },
  };
  on(page, 'beforeprint', () => each(v => v.paintAll()));
  onTheme(() => each(v => v.blend()));
}
