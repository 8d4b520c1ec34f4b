// How a script in an output reaches a kernel.
import type { Line, Transport } from './live';

/** The transport of this page, if it has one: what an extension of the front end brought, or what is found. */
export function find(): Transport | undefined {
  return (globalThis as any).BeamlineViewer.transport ?? classic();
}

// Classic Notebook 6 and nbclassic have the kernel in a global.
function classic(): Transport | undefined {
  const manager = (globalThis as any).Jupyter?.notebook?.kernel?.comm_manager;
  return manager && {
    open(target, data, received, closed): Line {
      const comm = manager.new_comm(target, data);
      comm.on_msg((m: any) => received(m.content.data, m.buffers ?? []));
      comm.on_close(closed);
      return { send: d => void comm.send(d), close: () => comm.close() };
    },
  };
}
