// What a suite measured, against what it may cost. In: measurements. Out: a table for people, a verdict. Pure.

/** The most or the least that a number may be. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | '×' | 'MB' | 'kB' | 'queries' | '%' | 'fps' | 'px' | 'count';
  /** Null: told, not judged. */
  readonly budget: Budget | null;
  /** What the number is made of, in a few words; "" where the name says it all. */
  readonly note: string;
}

export interface SuiteReport {
  readonly suite: string;
  /** Why nothing was measured; null if it was. */
  readonly skipped: string | null;
  readonly measurements: readonly Measurement[];
  /** Every single repeat, for the file. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** One-minute load average before and after: on a shared machine the numbers mean nothing without it. */
  readonly load: readonly [number, number];
  readonly seconds: number;
}

/** Whether a number keeps its budget. NaN keeps none. */
export function keepsBudget(value: number, budget: Budget | null): boolean {
  if (budget === null) return true;
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast;
}

/** The measurements that break their budget. */
export const brokenBudgets = (reports: readonly SuiteReport[]): readonly Measurement[] =>
  reports.flatMap((report) => report.measurements.filter(({ value, budget }) => !keepsBudget(value, budget)));

const number = (value: number): string => {
  const size = Math.abs(value);
  return Number.isInteger(value) || size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
};
const withUnit = (value: number, unit: Measurement['unit']): string =>
  `${number(value)}${unit === 'count' ? '' : unit === '×' ? '×' : ` ${unit}`}`;

function budgetText({ budget, unit }: Measurement): string {
  if (budget === null) return '';
  return 'atMost' in budget ? `≤ ${withUnit(budget.atMost, unit)}` : `≥ ${withUnit(budget.atLeast, unit)}`;
}

/** The report of one suite as lines of text, columns aligned. */
export function renderReport(report: SuiteReport): string {
  const [before, after] = report.load;
  const head = `${report.suite}  (${report.seconds.toFixed(0)} s, load average ${before.toFixed(1)} → ${after.toFixed(1)})`;
  if (report.skipped !== null) return `${head}\n  skipped: ${report.skipped}\n`;
  const rows = report.measurements.map((own) => [
    own.name,
    withUnit(own.value, own.unit),
    budgetText(own),
    own.budget === null ? '' : keepsBudget(own.value, own.budget) ? 'ok' : 'OVER',
    own.note,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name = '', value = '', budget = '', verdict = '', note = '']) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${budget.padStart(widths[2] ?? 0)}  ${verdict.padEnd(widths[3] ?? 0)}  ${note}`.trimEnd(),
  );
  return `${[head, ...lines].join('\n')}\n`;
}
