// Bundles the page: node build.mjs FOLDER
import { build } from 'esbuild';
import { copyFile, readFile } from 'node:fs/promises';

/** Pictures stand in style sheets as addresses and in scripts as texts; node's modules are not there. */
const page = {
  name: 'page',
  setup(b) {
    // Style sheets that were written for webpack.
    b.onResolve({ filter: /^~/ }, a => b.resolve(a.path.slice(1), { resolveDir: a.resolveDir, kind: a.kind }));
    b.onResolve({ filter: /\.svg$/ }, async a => a.kind === 'url-token' && a.namespace !== 'picture'
      ? { path: (await b.resolve(a.path, { resolveDir: a.resolveDir, kind: 'import-statement' })).path, namespace: 'picture' } : undefined);
    // Asked for both as an ES module and as CommonJS; two copies would not know each other's documents.
    b.onResolve({ filter: /^yjs$/ }, a => a.pluginData === 'one' ? undefined : b.resolve(a.path, { resolveDir: a.resolveDir, kind: 'import-statement', pluginData: 'one' }));
    // webpack's way to load a part later.
    b.onLoad({ filter: /jupyterlab-manager.lib.plugin\.js$/ }, async a => ({
      contents: (await readFile(a.path, 'utf8')).replace(/require\.ensure\(\[.*?\], \(require\) => \{/s, '(f => f())(() => {'),
    }));
    // Written for the module loader of the classic Notebook.
    b.onLoad({ filter: /anywidget.dist.index\.js$/ }, async a => ({
      contents: (await readFile(a.path, 'utf8')).replace('define(["@jupyter-widgets/base"], widget_default)', 'export default widget_default'),
    }));
    b.onLoad({ filter: /.*/, namespace: 'picture' }, async a => ({ contents: await readFile(a.path), loader: 'dataurl' }));
  },
};

const result = await build({
  entryPoints: ['main.mjs'], bundle: true, outdir: process.argv[2], format: 'esm', target: 'es2022', logLevel: 'error', plugins: [page], metafile: true,
  loader: { '.svg': 'text', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl', '.eot': 'dataurl', '.md': 'text' },
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  banner: { js: 'globalThis.process = { env: {}, cwd: () => "/" };' },
});
await copyFile('index.html', `${process.argv[2]}/index.html`);
console.log(Object.entries(result.metafile.outputs).map(([name, { bytes }]) => `${name} ${bytes}`).join('\n'));
