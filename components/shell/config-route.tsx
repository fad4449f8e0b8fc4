'use client';
// The list of configuration inside of the frame. In: the masthead's namespaces and refresh, the address. Out: the page.
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useMemo } from 'react';
import { isConfigList } from '../config/config-guards';
import { ConfigListPage } from '../config/config-list-page';
import { useViewUrl } from '../live/view-url';
import { useJson } from '../ui/use-json';
import type { PageStatus } from './freshness-words';
import { useNamespaces, useReportStatus, useSettings } from './shell-context';

export function ConfigRoute(): ReactNode {
  const { screen, update } = useViewUrl();
  const { refreshSeconds, refreshCount } = useSettings();
  const { data: known } = useNamespaces();
  const router = useRouter();
  const state = useJson('/api/config', { guard: isConfigList, refreshMs: refreshSeconds * 1000 });
  const { data, problem, receivedAtMs, reload } = state;
  useEffect(() => {
    if (refreshCount > 0) reload();
  }, [refreshCount, reload]);
  useReportStatus(
    useMemo((): PageStatus => {
      if (problem !== null) return { kind: data === null ? 'error' : 'stale', atMs: receivedAtMs, freshness: null, problem };
      if (data === null) return { kind: 'connecting', atMs: null, freshness: null, problem: null };
      return { kind: refreshSeconds === 0 ? 'paused' : 'live', atMs: receivedAtMs, freshness: null, problem: null };
    }, [data, problem, receivedAtMs, refreshSeconds]),
  );
  const names = useMemo(() => [...new Set(known?.namespaces.map((one) => one.name))].sort(), [known]);
  return (
    <ConfigListPage
      state={state}
      namespaces={screen.view.namespaces}
      known={names}
      onOpen={(href) => router.push(href)}
      onAllNamespaces={() => update({ view: { ...screen.view, namespaces: [] } })}
    />
  );
}
