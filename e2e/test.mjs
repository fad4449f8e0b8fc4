// npm test: everything that proves Heddle, from a fresh clone. Installs what is missing (npm packages; Debian's chromium, prometheus, nginx,
// glewlwyd and victoria-metrics when run as root on Debian; without one of the latter three the tests behind it are skipped), then the checks, the unit and contract tests, the production build and the browser tests on it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fetchNewerPrometheus } from './newer-prometheus.mjs';

const root = join(import.meta.dirname, '..');
const say = (text) => console.log(`\ntest: ${text}`);
const fail = (text) => {
  console.error(`test: ${text}`);
  process.exit(1);
};
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 20)) fail(`Node ${process.versions.node} is too old: install Node 20.20 or newer.`);

const run = (command, argv, env = {}) =>
  spawnSync(command, argv, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  }).status ?? 1;
// Debian keeps nginx in /usr/sbin, which is not on everybody's PATH.
const onPath = (name) => [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((dir) => existsSync(join(dir, name)));

const installed = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
const lock = statSync(join(root, 'package-lock.json'), { throwIfNoEntry: false });
if (!installed || (lock && lock.mtimeMs > installed.mtimeMs + 60_000)) {
  say('installing npm packages');
  // Not `npm ci`: it refuses a lock file in which optional packages of other platforms are missing; this takes the lock's versions, too.
  if (run('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund']) !== 0) fail('npm install failed');
}

const needed = ['chromium', 'prometheus'].filter((name) => !onPath(name));
const welcome = ['nginx', 'glewlwyd', 'victoria-metrics'].filter((name) => !onPath(name));
const missing = [...needed, ...welcome];
if (missing.length > 0) {
  const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (debian) {
    say(`installing ${missing.join(' and ')} from Debian`);
    if (run('apt-get', ['update']) !== 0) fail('apt-get update failed');
    // RUNLEVEL=1: Debian would start them as services, which nobody asked for. Without dbconfig-no-thanks glewlwyd brings a database server's client.
    const more = missing.includes('glewlwyd') ? ['dbconfig-no-thanks'] : [];
    if (
      run('apt-get', ['install', '-y', '--no-install-recommends', ...missing, ...more], {
        DEBIAN_FRONTEND: 'noninteractive',
        RUNLEVEL: '1',
      }) !== 0
    )
      fail(`apt-get install ${missing.join(' ')} failed`);
  } else if (needed.length > 0)
    fail(
      `install ${missing.join(' and ')} so that they are on the PATH (on Debian, as root: apt-get install ${missing.join(' ')}), then run npm test again.`,
    );
  else say(`not on the PATH, so the tests behind it are skipped: ${welcome.join(', ')} (on Debian: apt-get install ${welcome.join(' ')})`);
}

const why = fetchNewerPrometheus(root);
if (why !== null) say(`no Prometheus 3, so the tests that compare with it are skipped: ${why}`);

const results = mkdtempSync(join(tmpdir(), 'heddle-test-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
const step = (name, command, argv, env) => {
  say(name);
  const status = run(command, argv, env);
  if (status !== 0) broken.push(name);
  return status;
};
const readJson = (name) => (existsSync(join(results, name)) ? JSON.parse(readFileSync(join(results, name), 'utf8')) : null);

step('checks', 'node', ['e2e/check.mjs']);
step('unit and contract tests', 'npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(results, 'unit.json')}`,
]);
const unit = readJson('unit.json');
if (unit) {
  counts.passed += unit.numPassedTests;
  counts.failed += unit.numFailedTests;
  counts.skipped += unit.numPendingTests + unit.numTodoTests;
} else broken.push('unit report');

if (step('production build', 'npm', ['run', 'build']) === 0) {
  step('browser tests', 'npx', ['playwright', 'test'], { PLAYWRIGHT_JSON_OUTPUT_NAME: join(results, 'browser.json') });
  const browser = readJson('browser.json');
  if (browser) {
    counts.passed += browser.stats.expected + browser.stats.flaky;
    counts.failed += browser.stats.unexpected;
    counts.skipped += browser.stats.skipped;
  } else broken.push('browser report');
}
rmSync(results, { recursive: true, force: true });
// A step that broke without a failed test of its own still counts.
if (broken.length > 0) {
  console.error(`\ntest: failed in ${broken.join(', ')}`);
  counts.failed = Math.max(counts.failed, 1);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);
