// Draws EsmWidget: widgets whose front is an ES module, by the convention of anywidget (anywidget.dev, AFM), without its Python package.
// Gives the classes for one copy of @jupyter-widgets/base.
const esmWidgets = ({ DOMWidgetModel, DOMWidgetView }) => {
  // Messages wait for the module's initialize, but not forever.
  const patience = 2000;

  /** What a module may do with a model; all listeners of one owner go when it ends. */
  const facade = (model, owner) => ({
    get: name => model.get(name),
    set: (name, value) => model.set(name, value),
    save_changes: () => model.save_changes(),
    send: (content, callbacks, buffers) => model.send(content, callbacks, buffers),
    on: (names, heard) => model.on(names, heard, owner),
    off: (names, heard) => model.off(names ?? null, heard ?? null, owner),
    widget_manager: model.widget_manager,
  });

  const load = async text => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    try {
      const { default: made, render } = await import(address);
      const widget = typeof made === 'function' ? await made() : made ?? (render && { render });
      if (!widget) throw new Error('the module must export a default object with render({ model, el })');
      return widget;
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  const runEnd = (end, what) => Promise.resolve().then(() => typeof end === 'function' && end())
    .catch(error => console.error(`EsmWidget: ${what} failed when it was taken away.`, error));

  class AnyModel extends DOMWidgetModel {
    initialize(...given) {
      super.initialize(...given);
      const ended = new AbortController();
      this.once('destroy', () => ended.abort());
      this.widget = load(this.get('_esm')).then(async widget => {
        const end = await widget.initialize?.({ model: facade(this, ended), signal: ended.signal });
        const leave = () => {
          this.off(null, null, ended);
          void runEnd(end, 'initialize');
        };
        if (ended.signal.aborted) leave();
        else ended.signal.addEventListener('abort', leave);
        return widget;
      });
      // Views show what went wrong.
      const settled = this.widget.catch(() => {});
      this.ready = Promise.race([settled, new Promise(resolve => setTimeout(resolve, patience))]);
    }

    async _handle_comm_msg(message) {
      await this.ready;
      return super._handle_comm_msg(message);
    }

    /** As in the base class, which would lose bytes on the way through JSON; and of a view the part that it shows, not its whole buffer. */
    serialize(state) {
      const { serializers = {} } = this.constructor;
      // In place: the base class sends the object that it gave.
      for (const [name, value] of Object.entries(state)) {
        const made = serializers[name]?.serialize ? serializers[name].serialize(value, this)
          : name === 'layout' || name === 'style' ? JSON.parse(JSON.stringify(value ?? null))
            : ArrayBuffer.isView(value) ? value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) : structuredClone(value);
        state[name] = made?.toJSON ? made.toJSON() : made;
      }
      return state;
    }
  }

  class AnyView extends DOMWidgetView {
    render() {
      this.ended = new AbortController();
      const { signal } = this.ended, style = document.createElement('style'), el = document.createElement('div');
      style.textContent = this.model.get('_css') ?? '';
      this.el.append(style, el);
      // The output does not wait: a module may take long, or for ever.
      void this.fill(el, signal).catch(error => {
        console.warn('EsmWidget:', error);
        const note = document.createElement('pre');
        note.setAttribute('role', 'alert');
        note.textContent = `The module of this widget failed: ${error?.message ?? error}`;
        el.replaceChildren(note);
      });
    }

    async fill(el, signal) {
      const widget = await this.model.widget;
      if (signal.aborted) return;
      const owner = {}, end = await widget.render?.({ model: facade(this.model, owner), el, signal });
      const leave = () => {
        this.model.off(null, null, owner);
        void runEnd(end, 'render');
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave);
    }

    remove() {
      this.ended?.abort();
      return super.remove();
    }
  }

  return { AnyModel, AnyView };
};
