'use client';
// The overview inside of the frame. In: the shell's namespaces, the address. Out: the page, its age reported to the masthead.
import { useRouter } from 'next/navigation';
import { type ReactNode, useMemo } from 'react';
import { useViewUrl } from '../live/view-url';
import { OverviewPage } from '../overview/overview-page';
import type { PageStatus } from './freshness-words';
import { buildPageHref } from './navigation';
import { useNamespaces, useReportStatus, useSettings } from './shell-context';

function usePageStatus(): PageStatus {
  const { data, problem } = useNamespaces();
  const { refreshSeconds } = useSettings();
  return useMemo(() => {
    const freshness = data?.freshness ?? null;
    const atMs = data?.atMs ?? null;
    if (problem !== null) return { kind: data === null ? 'error' : 'stale', atMs, freshness, problem };
    if (data === null || atMs === null) return { kind: 'connecting', atMs: null, freshness, problem: null };
    const kind = data.freshness.metrics.state === 'stale' ? 'stale' : refreshSeconds === 0 ? 'paused' : 'live';
    return { kind, atMs, freshness, problem: null };
  }, [data, problem, refreshSeconds]);
}

export function OverviewRoute(): ReactNode {
  const { screen, update } = useViewUrl();
  const router = useRouter();
  const state = useNamespaces();
  useReportStatus(usePageStatus());
  const graphHref = (namespace: string): string =>
    buildPageHref('/graph', { namespaces: [namespace], windowSeconds: screen.view.windowSeconds });
  return (
    <OverviewPage
      state={state}
      names={screen.view.namespaces}
      graphHref={graphHref}
      onOpenGraph={(namespace) => router.push(graphHref(namespace))}
      onShowAll={() => update({ view: { ...screen.view, namespaces: [] } })}
    />
  );
}
