'use client';
// The live graph of the page under the shell's refresh choice. In: the view. Out: the state, a retry; the age is reported to the masthead.
import { useEffect, useMemo, useRef } from 'react';
import { type ViewSpec, viewKey } from '../../model/wire';
import type { GraphState } from '../live/graph-store';
import { useGraph } from '../live/use-graph';
import { withBase } from '../ui/base-path';
import { findProblem } from './find-problem';
import type { PageStatus } from './freshness-words';
import { useReportStatus, useSettings } from './shell-context';

/** How old the graph is, for the masthead. */
export function buildPageStatus(state: GraphState, view: ViewSpec): PageStatus {
  const freshness = state.freshness;
  const atMs = freshness?.metrics.atMs ?? state.document?.atMs ?? null;
  // Nothing can be drawn and somebody says why: the page shows it in place of the graph.
  const problem = findProblem(state) ?? state.problem;
  if (problem !== null && (state.document?.nodes.length ?? 0) === 0) return { kind: 'error', atMs, freshness, problem };
  switch (state.status) {
    case 'connecting':
    case 'stale':
    case 'error':
      return { kind: state.status, atMs, freshness, problem };
    case 'paused':
      return { kind: view.atSeconds === null ? 'paused' : 'past', atMs: state.document?.atMs ?? atMs, freshness, problem };
    case 'live':
      return { kind: freshness?.metrics.state === 'waiting' ? 'connecting' : 'live', atMs, freshness, problem };
  }
}

export interface GraphPageState {
  readonly state: GraphState;
  readonly retry: () => void;
  /** The graph shown is still the one of the view before. */
  readonly loading: boolean;
  readonly refreshSeconds: number;
}

export function useGraphPage(view: ViewSpec): GraphPageState {
  const { refreshSeconds, refreshCount } = useSettings();
  const { state, store } = useGraph(view, withBase(''));
  useEffect(() => {
    if (refreshSeconds === 0) {
      store.pause();
      return;
    }
    store.setRefreshSeconds(refreshSeconds);
    store.resume();
  }, [store, refreshSeconds]);
  const counted = useRef(refreshCount);
  useEffect(() => {
    if (counted.current === refreshCount) return;
    counted.current = refreshCount;
    store.refresh();
  }, [store, refreshCount]);
  useReportStatus(useMemo(() => buildPageStatus(state, view), [state, view]));
  return {
    state,
    retry: () => store.refresh(),
    loading: state.document !== null && viewKey(state.document.view) !== viewKey(view),
    refreshSeconds,
  };
}
