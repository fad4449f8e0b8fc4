// npm run build: one production build in .next/standalone, ready to copy: Next's server, the engine worker and the start file beside it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, '.next', 'standalone');
rmSync(join(out, 'built.json'), { force: true });
const next = spawnSync('npx', ['next', 'build'], { cwd: root, stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
if (next.status !== 0) process.exit(next.status ?? 1);

await build({
  absWorkingDir: root,
  entryPoints: { 'engine-worker': 'server/engine-worker.ts', heddle: 'server/main.ts' },
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
  external: ['./server.js'],
});
cpSync(join(root, '.next', 'static'), join(out, '.next', 'static'), { recursive: true });
if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), join(out, 'public'), { recursive: true });
writeFileSync(join(out, 'built.json'), JSON.stringify({ builtAt: new Date().toISOString() }));
console.log('built .next/standalone; start it with `npm start`');
