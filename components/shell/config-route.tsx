'use client';
// The list of configuration inside of the frame. In: the masthead's namespaces and refresh, the address. Out: the page.
import { useRouter } from 'next/navigation';
import { type ReactNode, useMemo } from 'react';
import { isConfigList } from '../config/config-guards';
import { ConfigListPage } from '../config/config-list-page';
import { useViewUrl } from '../live/view-url';
import { useJson } from '../ui/use-json';
import { useNamespaces, useSettings } from './shell-context';
import { useAbsentNamespaces } from './use-absent-namespaces';
import { useDocumentStatus } from './use-document-status';

export function ConfigRoute(): ReactNode {
  const { screen, update } = useViewUrl();
  const { refreshSeconds, refreshCount } = useSettings();
  const { data: known } = useNamespaces();
  const router = useRouter();
  const state = useJson('/api/config', { guard: isConfigList, refreshCount, refreshMs: refreshSeconds * 1000 });
  useDocumentStatus(state);
  const names = useMemo(() => [...new Set(known?.namespaces.map((one) => one.name))].sort(), [known]);
  return (
    <ConfigListPage
      state={state}
      namespaces={screen.view.namespaces}
      absent={useAbsentNamespaces(screen.view.namespaces)}
      known={names}
      onOpen={(href) => router.push(href)}
      onAllNamespaces={() => update({ view: { ...screen.view, namespaces: [] } })}
    />
  );
}
