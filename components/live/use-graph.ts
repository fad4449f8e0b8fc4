'use client';
// The graph store in React: one store per mounted page, stopped with it.
// In: a view, the base path. Out: the state, re-rendered on change, and the store for pause, resume, refresh.
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ViewSpec } from '../../model/wire';
import { browserEnvironment } from './browser-environment';
import { type GraphState, GraphStore } from './graph-store';

const NOTHING: GraphState = { status: 'connecting', document: null, freshness: null, lastEventAtMs: null, problem: null };

/** Follows a view while mounted; `base` is the path under which the console is served ('' at the root). */
export function useGraph(view: ViewSpec, base: string): { readonly state: GraphState; readonly store: GraphStore } {
  const [store] = useState(() => new GraphStore(base, browserEnvironment()));
  useEffect(() => {
    store.show(view);
  }, [store, view]);
  useEffect(() => () => store.stop(), [store]);
  const state = useSyncExternalStore(store.subscribe, store.state, () => NOTHING);
  return { state, store };
}
