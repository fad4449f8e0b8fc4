// npm run bench: bundles the benches as a production build bundles the engine (other ways of loading TypeScript are slower), and runs them.
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
// Two folders deep, as the sources are: what they find beside themselves they find from there too.
const outfile = join(root, '.scratch', 'bench', 'main.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
  packages: 'external',
});
await import(outfile);
