// The masthead's word on a page that shows data of a window. In: its state. Out: nothing; reported to the shell with what the sources say.
import { useMemo } from 'react';
import type { Freshness } from '../../model/wire';
import type { JsonState } from '../ui/use-json';
import type { PageStatus } from './freshness-words';
import { useReportStatus, useSettings } from './shell-context';

interface Dated {
  /** Null while the metrics said nothing. */
  readonly atMs: number | null;
  readonly freshness: Freshness;
}

export function useDataStatus<T extends Dated>({ data, problem }: Pick<JsonState<T>, 'data' | 'problem'>): void {
  const { refreshSeconds } = useSettings();
  useReportStatus(
    useMemo((): PageStatus => {
      const freshness = data?.freshness ?? null;
      const atMs = data?.atMs ?? null;
      if (problem !== null) return { kind: data === null ? 'error' : 'stale', atMs, freshness, problem };
      // The cluster is shown alone, while the metrics are away.
      if (atMs === null && freshness?.metrics.cause) return { kind: 'error', atMs: null, freshness, problem: null };
      if (data === null || atMs === null) return { kind: 'connecting', atMs: null, freshness, problem: null };
      const kind = data.freshness.metrics.state === 'stale' ? 'stale' : refreshSeconds === 0 ? 'paused' : 'live';
      return { kind, atMs, freshness, problem: null };
    }, [data, problem, refreshSeconds]),
  );
}
