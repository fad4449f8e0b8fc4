'use client';
// What is chosen on a dashboard, in the address: variables, range, instant, comparison, the panel that is expanded. In: the address bar.
// Out: the choice, and writers that replace the history entry. A parameter that cannot be read is at its standard, and said.
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import type { VariableChoice } from '../../model/dashboard';
import { DEFAULT_RANGE, decodeChoice, decodeRange, encodeChoice, type PanelRange } from '../../model/dashboard-query';
import { Failure } from '../../model/failure';
import { replaceParameters } from '../ui/use-address';
import { type Comparison, readComparison } from './comparisons';

export interface DashboardAddress {
  readonly choice: VariableChoice;
  readonly range: PanelRange;
  readonly comparison: Comparison;
  /** Id of a panel; "" = none. */
  readonly expanded: string;
  readonly problem: string | null;
  /** For the API. */
  readonly query: URLSearchParams;
  readonly write: (change: Partial<Pick<DashboardAddress, 'choice' | 'range' | 'comparison' | 'expanded'>>) => void;
}

type Read = Pick<DashboardAddress, 'choice' | 'range' | 'comparison' | 'expanded' | 'problem'>;

function read(text: string): Read {
  const query = new URLSearchParams(text);
  const rest = { comparison: readComparison(query.get('compare')), expanded: query.get('panel') ?? '' };
  try {
    return { choice: decodeChoice(query), range: decodeRange(query), problem: null, ...rest };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { choice: {}, range: DEFAULT_RANGE, problem: `${error.detail}. ${error.next}`, ...rest };
  }
}

const OWN = /^(?:var-\w+|range|at|compare|panel)$/;

export function useDashboardAddress(): DashboardAddress {
  const text = useSearchParams().toString();
  const now = useMemo(() => read(text), [text]);
  const write = useCallback((change: Parameters<DashboardAddress['write']>[0]) => {
    const next = { ...read(window.location.search), ...change };
    const query = encodeChoice(next.choice, next.range);
    if (next.comparison !== 'none') query.set('compare', next.comparison);
    if (next.expanded !== '') query.set('panel', next.expanded);
    replaceParameters(OWN, query);
  }, []);
  const query = useMemo(() => encodeChoice(now.choice, now.range), [now]);
  return useMemo(() => ({ ...now, query, write }), [now, query, write]);
}
