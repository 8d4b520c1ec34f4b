// A line to the kernel that made the output: exact values instead of the saved preview, as long as it lives.
import type { Cut } from './field';
import { forgetOldest, type Model } from './model';
import { clamp, type Plane } from './plane';
import type { Point } from './measure';

/** One open line. Whoever embeds the viewer may bring its own (a widget, an extension of the front end). */
export interface Line {
  send(data: object): void;
  close(): void;
}

export interface Transport {
  /** Opens a line for the viewer in `place`; null when there is no kernel to talk to. */
  open(target: string, data: object, received: (data: any, buffers: DataView[]) => void, closed: () => void, place: HTMLElement): Line | null;
}

export interface Live {
  isOpen: boolean;
  /** What the reader is told beside the picture. */
  words: string;
  /** Exact values around what is visible, if they are here; else they are asked for and the model tells when they came. */
  exactly(cut: Cut, part: number, rows: number[], columns: number[], step: number): Plane | undefined;
  /** Exact values along a line. */
  along(cut: Cut, part: number, start: Point, stop: Point, arrived: (samples: Float32Array) => void): void;
  /** Closes the line: the kernel forgets it. */
  leave(): void;
}

type Done = (reply: any, samples: Float32Array) => void;

export function goLive(m: Model, transport: Transport, place: HTMLElement): Live {
  const waiting = new Map<number, Done>(), planes = new Map<string, Plane>(), asked = new Set<string>(), about = m.payload.live!;
  let seq = 0, line: Line | null = null;
  const say = (words: string, isOpen: boolean) => {
    Object.assign(live, { words, isOpen });
    m.announce();
  };
  const ended = () => {
    line = null;
    say('saved preview: the kernel has ended or was restarted', false);
  };
  const ask = (message: object, done: Done, failed?: () => void) => {
    waiting.set(++seq, (reply, samples) => {
      if (!reply.error) return done(reply, samples);
      failed?.();
      say(`saved preview: ${reply.error}`, false);
    });
    try {
      line?.send({ ...message, seq });
    } catch {
      ended();
    }
  };
  const where = (cut: Cut, part: number) => ({ part, normal: cut.along, rows: cut.down, columns: cut.across, index: m.pos[cut.along] });
  const live: Live = {
    isOpen: false,
    words: 'saved preview',
    exactly(cut, part, rows, columns, step) {
      if (!live.isOpen) return undefined;
      const place = where(cut, part), snap = 64 * step;
      const edges = (ends: number[], axis: number) =>
        [Math.floor(ends[0] / snap), Math.ceil(ends[1] / snap)].map(v => clamp(v * snap, 0, m.lengths[axis]));
      const [r, c] = [edges(rows, cut.down), edges(columns, cut.across)], key = [Object.values(place), r, c, step].join();
      if (r[1] <= r[0] || c[1] <= c[0] || asked.has(key) || planes.has(key) || asked.size > 3) return planes.get(key);
      asked.add(key);
      ask({ do: 'plane', ...place, from: [r[0], c[0]], to: [r[1], c[1]], step }, (reply, samples) => {
        asked.delete(key);
        planes.set(key, {
          samples, rowCount: reply.rows, colCount: reply.columns, firstRow: r[0], firstColumn: c[0],
          rowPace: reply.rowStep, columnPace: reply.columnStep, isExact: true,
        });
        forgetOldest(planes, 24);
        m.announce();
      }, () => asked.delete(key));
      return undefined;
    },
    along: (cut, part, start, stop, arrived) => ask({
      do: 'profile', ...where(cut, part), from: [start.row, start.column], to: [stop.row, stop.column],
    }, (_, samples) => arrived(samples)),
    leave() {
      try {
        line?.close();
      } catch {
        // The kernel has gone first.
      }
      line = null;
    },
  };
  line = transport.open(about.target, { id: about.id }, (reply, buffers) => {
    const done = waiting.get(reply?.seq), b = buffers[0];
    waiting.delete(reply?.seq);
    if (!done) return;
    // A copy, because a buffer may begin at any byte.
    const samples = new Float32Array(b ? b.buffer.slice(b.byteOffset, b.byteOffset + (b.byteLength & ~3)) as ArrayBuffer : []);
    if (!reply.error && reply.count !== undefined && samples.length !== reply.count) reply.error = 'the kernel sent other values than asked for';
    done(reply, samples);
  }, ended, place);
  // Until the kernel answers, the viewer is what was saved.
  if (line) ask({ do: 'hello' }, () => say('live: exact values', true));
  return live;
}
