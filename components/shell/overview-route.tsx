'use client';
// The overview inside of the frame. In: the shell's namespaces, the address. Out: the page, its age reported to the masthead.
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { useViewUrl } from '../live/view-url';
import { OverviewPage } from '../overview/overview-page';
import { buildPageHref } from './navigation';
import { useNamespaces } from './shell-context';
import { useDataStatus } from './use-data-status';

export function OverviewRoute(): ReactNode {
  const { screen, update } = useViewUrl();
  const router = useRouter();
  const state = useNamespaces();
  useDataStatus(state);
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
