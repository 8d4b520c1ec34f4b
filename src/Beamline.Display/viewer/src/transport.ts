// How a script in an output reaches a kernel.
import type { Line, Transport } from './live';

/** Set by whoever embeds the viewer; wins over what is found. */
let given: Transport | undefined;

export function use(transport: Transport | undefined): void {
  given = transport;
}

/** The transport of this page, if it has one. JupyterLab and VS Code let no script of an output reach the kernel. */
export function find(): Transport | undefined {
  return given ?? classic();
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
