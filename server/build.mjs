// npm run build: one production build in .next/standalone, ready to copy: Next's server, the engine worker and the start file beside it.
// It is made for a placeholder instead of a base path; serving puts the real one in (server/serve/mounted-copy.ts), here for "/" already.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** As BASE_PLACEHOLDER in server/serve/base-path.ts. */
const PLACEHOLDER = '/__heddle_base__';

const root = join(import.meta.dirname, '..');
const out = join(root, '.next', 'standalone');
for (const stale of ['built.json', 'mounted']) rmSync(join(out, stale), { recursive: true, force: true });
// Not by npx: an image that builds needs no more than Node and what is installed.
const next = spawnSync(process.execPath, [join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', HEDDLE_BUILD_BASE_PATH: PLACEHOLDER },
});
if (next.status !== 0) process.exit(next.status ?? 1);

await build({
  absWorkingDir: root,
  entryPoints: {
    'engine-worker': 'server/engine-worker.ts',
    'drawing-worker': 'server/drawing/drawing-worker.ts',
    heddle: 'server/main.ts',
  },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
  // CommonJS dependencies inside an ES module bundle call require().
  banner: { js: "import { createRequire as heddleRequire } from 'node:module'; const require = heddleRequire(import.meta.url);" },
});
cpSync(join(root, '.next', 'static'), join(out, '.next', 'static'), { recursive: true });
if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), join(out, 'public'), { recursive: true });
// What the trace copies beside what is needed: our sources are in the bundles, and Next's own start file is not used.
for (const unused of ['server', 'server.js']) rmSync(join(out, unused), { recursive: true, force: true });

/** Files below `directory` whose text holds the placeholder, relative to the build. */
function findMounted(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return findMounted(path);
    return readFileSync(path).includes(PLACEHOLDER) ? [relative(out, path).split(sep).join('/')] : [];
  });
}
const builtAt = new Date().toISOString();
const id = `${readFileSync(join(out, '.next', 'BUILD_ID'), 'utf8').trim()} ${builtAt}`;
writeFileSync(join(out, 'built.json'), JSON.stringify({ builtAt, id, mounted: findMounted(join(out, '.next')) }));
const prepared = spawnSync(process.execPath, [join(out, 'heddle.mjs'), 'prepare'], { stdio: 'inherit' });
if (prepared.status !== 0) process.exit(prepared.status ?? 1);
console.log('built .next/standalone; start it with `npm start`');
