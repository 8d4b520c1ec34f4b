// Builds the viewer: one script without imports.
//   node build.mjs [--out FILE]   writes dist/beamline-viewer.js, or FILE
//   node build.mjs --test         bundles and runs the unit tests in node
import { build, transform } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Styles and shaders become texts. */
const texts = {
  name: 'texts',
  setup(b) {
    b.onLoad({ filter: /\.css$/ }, async a => ({
      loader: 'text', contents: shortColors((await transform(readFileSync(a.path, 'utf8'), { loader: 'css', minify: true })).code.trim().replace(/(--\w+): /g, '$1:')),
    }));
    b.onLoad({ filter: /\.glsl$/ }, a => ({ loader: 'text', contents: minifyShader(readFileSync(a.path, 'utf8')) }));
  },
};

/** The style sheet's own variables get a letter each; scripts know only --axis. */
function shortColors(css) {
  const names = [...new Set(css.match(/--\w+/g))].filter(name => name !== '--axis');
  return css.replace(/--\w+/g, name => names.includes(name) ? `--${String.fromCharCode(97 + names.indexOf(name))}` : name);
}

/** Shaders lose comments and blanks; names of their own become short. */
function minifyShader(text) {
  return text.replace(/\/\/.*$/gm, '').split('\n').map(line => line.trim()).filter(Boolean)
    // A line that begins with # must stay a line of its own.
    .map(line => line.startsWith('#') ? `${line}\n` : line.replace(/\s*([-+*/=<>!?:;,(){}&|])\s*/g, '$1')).join('\n')
    .replace(/([;{},])\n/g, '$1').replace(/\b(val|shade|color|slope|light|size|back|acc|mid)\b/g, name => name[0].toUpperCase() + name[1]);
}

/** Names that others know: the payload, messages to the kernel, uniforms of the shader, the kernel objects of front ends. */
const known = `BeamlineViewer beamlineState version mount connect transport open send close v kind text axes quantity parts window map at live target id name unit
  step values shape steps type low high clipped coding bytes seq error rows columns rowStep columnStep count part normal index from to do gray line roi
  background eye phys dim lo hi win span iso density mode lut`.split(/\s+/);

/** Our own property names become short: all that neither the browser nor anyone else knows. */
function ownNames() {
  const library = join(here, 'node_modules/typescript/lib'), browser = new Set([...known, ...shared.flatMap(name => name.split('.'))]);
  for (const file of readdirSync(library).filter(name => /^lib\.(dom|es\d+|decorators).*\.d\.ts$/.test(name))) {
    for (const [, name] of readFileSync(join(library, file), 'utf8').matchAll(/^ +(?:readonly |get |set )*([A-Za-z_$][\w$]*)\??[(:<]/gm)) browser.add(name);
  }
  const used = new Set();
  for (const file of readdirSync(join(here, 'src')).filter(name => name.endsWith('.ts')).sort()) {
    const text = readFileSync(join(here, 'src', file), 'utf8');
    for (const [, name] of text.matchAll(/\.([A-Za-z_$][\w$]*)/g)) (file === 'transport.ts' ? browser : used).add(name);
  }
  return new RegExp(`^(${[...used].filter(name => !browser.has(name)).sort().join('|')})$`);
}

// WebGL's constants become their numbers, which are shorter.
const numbers = {
  name: 'numbers',
  setup(b) {
    b.onLoad({ filter: /[\\/]gl\.ts$/ }, a => {
      const library = readFileSync(join(here, 'node_modules/typescript/lib/lib.dom.d.ts'), 'utf8');
      const known = new Map([...library.matchAll(/readonly ([A-Z]\w*): (0x[\dA-F]+);/g)].map(([, name, number]) => [name, Number(number)]));
      return { loader: 'ts', contents: readFileSync(a.path, 'utf8').replace(/\bgl\.([A-Z][A-Z_\d]+)\b/g, (_, name) => known.get(name)) };
    });
  },
};

// What many lines name of the browser gets names that the minifier can shorten.
const shared = [
  ...['min', 'max', 'round', 'floor', 'ceil', 'abs', 'hypot', 'log10', 'log1p', 'atan2', 'sqrt', 'sign', 'log2', 'sin', 'cos', 'PI'].map(n => `Math.${n}`),
  'Array.from', 'Number.isFinite', 'Object.assign', 'String', 'Float32Array', 'Uint8Array', 'document', 'getComputedStyle',
];
const shortName = name => `short_${name.replace('.', '_')}`;
const shortNames = {
  name: 'short names',
  setup(b) {
    b.onResolve({ filter: /^short-names$/ }, a => ({ path: a.path, namespace: 'short-names' }));
    b.onLoad({ filter: /.*/, namespace: 'short-names' }, () =>
      ({ contents: `const g=globalThis,m=g.Math;export const ${shared.map(n => `${shortName(n)}=${n.startsWith('Math.') ? `m.${n.slice(5)}` : `g.${n}`}`)}` }));
  },
};

const common = { bundle: true, plugins: [texts], logLevel: 'warning', absWorkingDir: here, charset: 'ascii' };

if (process.argv.includes('--test')) {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-viewer-'));
  try {
    const tests = readdirSync(join(here, 'test')).filter(name => name.endsWith('.test.ts')).map(name => join(here, 'test', name));
    await build({ ...common, entryPoints: tests, outdir: folder, platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' } });
    const files = readdirSync(folder).filter(name => name.endsWith('.mjs')).map(name => join(folder, name));
    process.exitCode = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  const at = process.argv.indexOf('--out');
  await build({
    ...common, entryPoints: [join(here, 'src/main.ts')], outfile: at > 0 ? process.argv[at + 1] : join(here, 'dist/beamline-viewer.js'),
    format: 'iife', target: 'es2022', minify: true, legalComments: 'none', plugins: [texts, numbers, shortNames],
    inject: ['short-names'], define: Object.fromEntries(shared.map(n => [n, shortName(n)])),
    mangleProps: ownNames(),
  });
}
