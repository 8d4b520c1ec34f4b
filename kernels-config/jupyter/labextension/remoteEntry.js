// Lets Beamline's viewers in JupyterLab and Notebook 7 talk to the kernel of their notebook: scripts of an output cannot. And
// tells the widget manager how to draw an EsmWidget (esm-widget.js, which `kernel install` puts before this text).
// A prebuilt extension is a module federation container. This one is small and needs one package only, so it is written by hand.
(() => {
  const ended = ['restarting', 'autorestarting', 'terminating', 'dead'];
  const sessions = new Map();

  /** What BeamlineViewer.connect takes (docs/viewers.md). */
  const transport = {
    open(target, data, received, closed, place) {
      // Pages hold several notebooks, each with its own kernel; this way leads to Beamline's own comms only.
      const output = place.getRootNode().host ?? place;
      const session = [...sessions].find(([panel]) => panel.node.contains(output))?.[1];
      const kernel = session?.session?.kernel;
      if (!kernel || !target.startsWith('beamline.')) return null;
      const comm = kernel.createComm(target);
      let isOpen = true;
      const end = () => {
        if (!isOpen) return;
        isOpen = false;
        session.statusChanged.disconnect(onStatus);
        session.kernelChanged.disconnect(end);
        closed();
      };
      const onStatus = (_, status) => ended.includes(status) && end();
      session.statusChanged.connect(onStatus);
      session.kernelChanged.connect(end);
      comm.onMsg = message => received(message.content.data, message.buffers ?? []);
      comm.onClose = end;
      comm.open(data);
      return { send: message => void comm.send(message), close: () => { end(); void comm.close(); } };
    },
  };

  const connect = () => {
    // Outputs bring the viewer along: before the first one, the way is left where it will look for it.
    if (globalThis.BeamlineViewer?.connect) BeamlineViewer.connect(transport);
    else globalThis.BeamlineViewer = { transport };
  };

  const plugin = {
    id: 'beamline:viewer',
    autoStart: true,
    activate: app => {
      connect();
      app.docRegistry.addWidgetExtension('Notebook', {
        createNew: panel => {
          const session = panel.sessionContext;
          sessions.set(panel, session);
          // Saved outputs are drawn before the kernel is there; it may still have what they show.
          session.kernelChanged.connect(connect);
          panel.disposed.connect(() => sessions.delete(panel));
        },
      });
    },
  };

  /** The copy of a package that all extensions of the page use, by the rule of webpack's module federation; null when there is none. */
  const sharedPackage = async name => {
    const versions = Object.entries(shared[name] ?? {});
    const above = (a, b) => a.localeCompare(b, 'en', { numeric: true }) > 0;
    const [, found] = versions.reduce((a, b) => !a || (!a[1].loaded && above(b[0], a[0])) ? b : a, null) ?? [];
    return found ? (await found.get())() : null;
  };

  const widgets = base => ({
    id: 'beamline:esm-widget',
    autoStart: true,
    requires: [base.IJupyterWidgetRegistry],
    // A version of its own, which EsmWidget takes when anywidget itself is not there or too new, and which nobody else asks for.
    activate: (app, registry) => registry.registerWidget({ name: 'anywidget', version: '0.9.0-beamline', exports: esmWidgets(base) }),
  });

  let shared = {};
  (globalThis._JUPYTERLAB ??= {}).beamline = {
    init: scope => { shared = scope; },
    async get() {
      // Without a widget manager there is nothing to draw with.
      const base = await sharedPackage('@jupyter-widgets/base').catch(() => null);
      return () => ({ __esModule: true, default: base?.IJupyterWidgetRegistry ? [plugin, widgets(base)] : [plugin] });
    },
  };
})();
