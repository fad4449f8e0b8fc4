// What every suite is, and how it is run and timed. In: a suite, options. Out: SuiteReport.
import { loadavg } from 'node:os';
import type { Measurement, SuiteReport } from './report';

export interface BenchOptions {
  /** Services of the mesh; the budgets are made for 2,000. */
  readonly services: number;
  /** Repeats of what is compared; at least 3. */
  readonly repeats: number;
  /** Length of the live suite's observations. */
  readonly watchSeconds: number;
  /** Length of the flood of the logs suite. */
  readonly logSeconds: number;
  /** Empty directory for this run. */
  readonly scratch: string;
  /** Says what is going on. */
  readonly say: (line: string) => void;
}

export interface Findings {
  readonly measurements: readonly Measurement[];
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Suite {
  readonly name: string;
  readonly about: string;
  /** Measures; text: why it cannot, here and now. */
  run(options: BenchOptions): Promise<Findings | string>;
}

/** Runs one suite. @throws what the suite throws */
export async function runSuite(suite: Suite, options: BenchOptions): Promise<SuiteReport> {
  const before = loadavg()[0] ?? 0;
  const startedMs = performance.now();
  const found = await suite.run(options);
  const skipped = typeof found === 'string' ? found : null;
  return {
    suite: suite.name,
    skipped,
    measurements: typeof found === 'string' ? [] : found.measurements,
    raw: typeof found === 'string' ? {} : found.raw,
    load: [before, loadavg()[0] ?? 0],
    seconds: (performance.now() - startedMs) / 1000,
  };
}
