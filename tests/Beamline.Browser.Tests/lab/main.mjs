// A small JupyterLab: its application, notebook panel, renderers and widget manager, without its menus, settings and files.
// Extensions are loaded as JupyterLab loads prebuilt ones. Tests talk to the global `lab`.
import { JupyterLab } from '@jupyterlab/application';
import { CodeMirrorEditorFactory, CodeMirrorMimeTypeService, EditorExtensionRegistry, EditorLanguageRegistry, EditorThemeRegistry, ybinding } from '@jupyterlab/codemirror';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { DocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, NotebookActions, NotebookModelFactory, NotebookPanel, NotebookTracker, NotebookWidgetFactory, StaticNotebook } from '@jupyterlab/notebook';
import { KernelMessage, ServiceManager } from '@jupyterlab/services';
import { Stream } from '@lumino/signaling';
import { IRenderMimeRegistry, RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime';
import * as widgetBase from '@jupyter-widgets/base';
import widgetPlugins from '@jupyter-widgets/jupyterlab-manager';
import anywidget from 'anywidget';
import './styles.css';

/** What webpack's module federation lets extensions share: of the packages of this page, the one that the widget manager brings. */
const shared = { '@jupyter-widgets/base': { '6.0.12': { get: async () => () => widgetBase, loaded: 1, from: '@jupyter-widgets/jupyterlab-manager' } } };

/** The code that an extension offers, by the convention of module federation that prebuilt extensions follow. */
async function federated({ name, load, extension }) {
  const script = document.createElement('script');
  script.src = URLExt.join(PageConfig.getOption('fullLabextensionsUrl'), name, load);
  await new Promise((loaded, failed) => {
    Object.assign(script, { onload: loaded, onerror: () => failed(new Error(`${script.src} could not be loaded`)) });
    document.head.append(script);
  });
  const container = window._JUPYTERLAB[name];
  await container.init(shared);
  const module = (await container.get(extension))();
  return [module.__esModule ? module.default : module].flat();
}

function editorFactory() {
  const extensions = new EditorExtensionRegistry(), languages = new EditorLanguageRegistry();
  for (const factory of EditorExtensionRegistry.getDefaultExtensions({ themes: new EditorThemeRegistry() })) extensions.addExtension(factory);
  extensions.addExtension({ name: 'shared-model-binding', factory: options => ({ instance: () => ybinding({ ytext: options.model.sharedModel.ysource }), reconfigure: () => null }) });
  return { factory: new CodeMirrorEditorFactory({ extensions, languages }), mimeTypes: new CodeMirrorMimeTypeService(languages) };
}

const rendermime = new RenderMimeRegistry({ initialFactories: standardRendererFactories });
const tracker = new NotebookTracker({ namespace: 'notebook' });
// The server of Debian 12 is older than the events that JupyterLab 4 listens to.
const events = { emit: async () => {}, stream: new Stream(window), isDisposed: false, dispose() {} };
const app = new JupyterLab({ serviceManager: new ServiceManager({ events }) });
app.registerPlugin({ id: 'test:rendermime', provides: IRenderMimeRegistry, activate: () => rendermime });
app.registerPlugin({ id: 'test:tracker', provides: INotebookTracker, activate: () => tracker });
app.registerPlugins(widgetPlugins);
// What the Python package anywidget brings to a server that has it: tests choose by the address.
const version = new URLSearchParams(location.search).get('anywidget');
if (version) {
  app.registerPlugin({
    id: 'test:anywidget', autoStart: true, requires: [widgetBase.IJupyterWidgetRegistry],
    activate: (_, registry) => registry.registerWidget({ name: 'anywidget', version, exports: anywidget(widgetBase) }),
  });
}
for (const extension of JSON.parse(PageConfig.getOption('federated_extensions') || '[]')) app.registerPlugins(await federated(extension));
await app.start();
await app.shell.restoreLayout('multiple-document', { fetch: async () => ({}), save: async () => {} });

const { factory, mimeTypes } = editorFactory();
app.docRegistry.addModelFactory(new NotebookModelFactory({}));
const notebooks = new NotebookWidgetFactory({
  name: 'Notebook', modelName: 'notebook', fileTypes: ['notebook'], defaultFor: ['notebook'], preferKernel: true, canStartKernel: true, autoStartDefault: true,
  rendermime, mimeTypeService: mimeTypes, contentFactory: new NotebookPanel.ContentFactory({ editorFactory: factory.newInlineEditor }),
  notebookConfig: { ...StaticNotebook.defaultNotebookConfig, windowingMode: 'none' },
});
app.docRegistry.addWidgetFactory(notebooks);
notebooks.widgetCreated.connect((_, panel) => void tracker.add(panel));
const documents = new DocumentManager({ registry: app.docRegistry, manager: app.serviceManager, opener: { open: widget => app.shell.add(widget, 'main') } });

let count = 0;
window.lab = {
  /** Opens a notebook; null as the kernel leaves it without one, else this waits for it. */
  async open(path, kernel) {
    lab.panel = documents.openOrReveal(path, 'Notebook', kernel);
    app.shell.activateById(lab.panel.id);
    await lab.panel.context.ready;
    if (kernel === null) return;
    await lab.panel.sessionContext.ready;
    await lab.panel.sessionContext.session.kernel.info;
  },
  /** Runs code in a new last cell; gives whether it went well, and the cell's mark. */
  async run(code) {
    const { content: notebook, sessionContext } = lab.panel, cells = notebook.model.sharedModel;
    cells.insertCell(cells.cells.length, { cell_type: 'code', source: code });
    notebook.activeCellIndex = cells.cells.length - 1;
    const mark = notebook.activeCell.node.dataset.mark = `cell${++count}`;
    return { well: await NotebookActions.run(notebook, sessionContext), mark };
  },
  /** Sends the kernel a message as it is, and waits until it has dealt with it. */
  async send(msgType, content) {
    const { kernel } = lab.panel.sessionContext.session;
    const message = KernelMessage.createMessage({ msgType, channel: 'shell', content, session: kernel.clientId, username: kernel.username });
    await new Promise(resolve => {
      const heard = (_, { msg }) => {
        if (msg.parent_header?.msg_id === message.header.msg_id && msg.content.execution_state === 'idle') {
          kernel.anyMessage.disconnect(heard);
          resolve();
        }
      };
      kernel.anyMessage.connect(heard);
      kernel.sendShellMessage(message, false, true);
    });
  },
  /** What 'Trust Notebook' does after its question. */
  trust: () => lab.panel.content.widgets.forEach(cell => { cell.model.trusted = true; }),
  /** How many comms to a target the kernel has. */
  comms: async target_name => Object.keys((await lab.panel.sessionContext.session.kernel.requestCommInfo({ target_name })).content.comms).length,
  clear: () => NotebookActions.clearAllOutputs(lab.panel.content),
  save: () => lab.panel.context.save(),
};
