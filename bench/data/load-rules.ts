// The recorded series of our rules in a Prometheus whose data stands still: each rule is evaluated at one instant, as its rule manager would,
// and what it gives is written back under the recorded name. In: address, instant. Out: what each group took and recorded.

import { RULE_GROUPS } from '../../server/telemetry/rules';
import { writeRemotely } from '../../sim/prometheus/differential/remote-write';
import { readCpuMs } from '../process-usage';

export interface LoadedGroup {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly series: number;
  /** Time that Prometheus took to answer all its rules, one after another; it writes JSON, which its rule manager would not. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

const SERIES_IN_A_WRITE = 2000;

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
  };
}

/** Series that the last evaluation recorded. */
export type RecordedSeries = Map<string, Readonly<Record<string, string>>>;

/**
 * Evaluates and writes all groups at `atMs`. `pid` of Prometheus, null if its CPU is not of interest. `last` is brought up to date: what is
 * gone from it ends with a stale marker.
 */
export async function loadRules(
  url: string,
  atMs: number,
  pid: number | null,
  last: RecordedSeries = new Map(),
): Promise<readonly LoadedGroup[]> {
  const recorded: RecordedSeries = new Map();
  const loaded: LoadedGroup[] = [];
  for (const { name, intervalSeconds, rules } of RULE_GROUPS) {
    let series = 0;
    let wallMs = 0;
    let cpuMs = 0;
    for (const { record, expr, labels } of rules) {
      const startedMs = performance.now();
      const startedCpuMs = pid === null ? 0 : readCpuMs(pid);
      const answer = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        headers: { 'accept-encoding': 'identity' },
        body: new URLSearchParams({ query: expr, time: String(atMs / 1000) }),
      });
      const text = await answer.text();
      wallMs += performance.now() - startedMs;
      cpuMs += pid === null ? 0 : readCpuMs(pid) - startedCpuMs;
      const { data, error } = JSON.parse(text) as Answer;
      if (data === undefined) throw new Error(`${record}: ${error ?? answer.status}`);
      series += data.result.length;
      for (let from = 0; from < data.result.length; from += SERIES_IN_A_WRITE) {
        const written = data.result.slice(from, from + SERIES_IN_A_WRITE).map(({ metric, value }) => ({
          labels: { ...metric, ...labels, __name__: record },
          samples: [{ timestampMs: atMs, value: Number(value[1]), isStale: false }],
        }));
        for (const own of written) recorded.set(JSON.stringify(own.labels), own.labels);
        await writeRemotely(url, written);
      }
    }
    loaded.push({ name, intervalSeconds, series, wallMs, cpuMs });
  }
  const gone = [...last].filter(([key]) => !recorded.has(key)).map(([, labels]) => labels);
  if (gone.length > 0)
    await writeRemotely(
      url,
      gone.map((labels) => ({ labels, samples: [{ timestampMs: atMs, value: 0, isStale: true }] })),
    );
  last.clear();
  for (const [key, labels] of recorded) last.set(key, labels);
  return loaded;
}
