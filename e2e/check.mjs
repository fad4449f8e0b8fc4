// npm run check: the gate before every commit. Types, format and fast lint, type-aware lint, then the house rules.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const steps = [
  ['types', 'npx', ['tsc', '--noEmit', '-p', 'tsconfig.json']],
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['type-aware lint', 'npx', ['eslint', '--max-warnings=0', '.']],
  ['architecture', 'npx', ['vitest', 'run', 'architecture.test.ts']],
];
// Types of routes removed since the last build would fail the check.
for (const stale of ['.next/types', '.next/dev/types']) rmSync(stale, { recursive: true, force: true });
for (const [name, command, args] of steps) {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
  if (status !== 0) {
    console.error(`check: ${name} failed`);
    process.exit(status ?? 1);
  }
  console.log(`check: ${name} ok (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
