// The budgets, measured. In: `npm run bench -- [suite …] [--services 2000] [--repeats 5] [--watch-seconds 60] [--log-seconds 600] [--json FILE]`.
// Out: a table per suite, raw numbers as JSON in bench/results (or FILE), exit code 1 when a budget is broken.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { accessSuite } from './access/suite';
import { consoleSuite } from './browser/console-suite';
import { browserSuite } from './browser/suite';
import { depthSuite } from './depth/suite';
import { exportSuite } from './export/suite';
import { findSuite } from './find/suite';
import { heapSuite } from './heap/suite';
import { listsSuite } from './lists/suite';
import { liveSuite } from './live/suite';
import { logsSuite } from './logs/suite';
import { pipelineSuite } from './pipeline/suite';
import { planSuite } from './plan/suite';
import { brokenBudgets, renderReport, type SuiteReport } from './report';
import { rulesSuite } from './rules/suite';
import { soakSuite } from './soak/suite';
import { steeringSuite } from './steering/suite';
import { type BenchOptions, runSuite, type Suite } from './suite';
import { sumsSuite } from './sums/suite';
import { timeSuite } from './time/suite';
import { typingSuite } from './typing/suite';

const SUITES: readonly Suite[] = [
  planSuite,
  rulesSuite,
  pipelineSuite,
  heapSuite,
  liveSuite,
  accessSuite,
  steeringSuite,
  depthSuite,
  findSuite,
  listsSuite,
  timeSuite,
  browserSuite,
  consoleSuite,
  exportSuite,
  typingSuite,
  soakSuite,
  sumsSuite,
  logsSuite,
];

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${name} wants a whole number of at least ${least}, not "${text}"`);
  return value;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      services: { type: 'string', default: '2000' },
      repeats: { type: 'string', default: '5' },
      'watch-seconds': { type: 'string', default: '60' },
      'log-seconds': { type: 'string', default: '600' },
      json: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0)
    throw new Error(`no suite is called ${unknown.join(', ')}; there are ${SUITES.map((suite) => suite.name).join(', ')}`);
  const scratch = mkdtempSync(join(tmpdir(), 'heddle-bench-'));
  const options: BenchOptions = {
    services: wholeNumber('services', values.services, 20),
    repeats: wholeNumber('repeats', values.repeats, 3),
    watchSeconds: wholeNumber('watch-seconds', values['watch-seconds'], 30),
    logSeconds: wholeNumber('log-seconds', values['log-seconds'], 20),
    scratch,
    say: (line) => process.stderr.write(`${line}\n`),
  };
  const startedAt = new Date().toISOString();
  const reports: SuiteReport[] = [];
  try {
    for (const suite of SUITES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
      const report = await runSuite(suite, options);
      reports.push(report);
      process.stdout.write(`${renderReport(report)}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const file = resolve(values.json ?? join('bench', 'results', `${startedAt.replace(/[:.]/g, '-')}.json`));
  mkdirSync(dirname(file), { recursive: true });
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? '' };
  writeFileSync(file, `${JSON.stringify({ startedAt, services: options.services, machine, reports }, null, 1)}\n`);
  const broken = brokenBudgets(reports);
  const verdict = broken.length === 0 ? 'every budget is kept' : `${broken.length} budgets are broken`;
  process.stdout.write(`${verdict}; raw numbers in ${file}\n`);
  return broken.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
