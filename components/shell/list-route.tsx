'use client';
// A list of namespaces, applications, workloads or services inside of the frame. In: the masthead's namespaces, window, refresh. Out: the page.
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { ENTITY_PATHS, type EntityKind } from '../../model/entity';
import { isListDocument } from '../../model/list';
import { DEFAULT_VIEW, encodeView } from '../../model/wire';
import { ListPage } from '../lists/list-page';
import { useCollectP95 } from '../lists/use-collect-p95';
import { useViewUrl } from '../live/view-url';
import { useJson } from '../ui/use-json';
import { useSettings } from './shell-context';
import { useAbsentNamespaces } from './use-absent-namespaces';
import { useDataStatus } from './use-data-status';

export function ListRoute({ kind }: { readonly kind: EntityKind }): ReactNode {
  const { screen, update } = useViewUrl();
  const { refreshSeconds, refreshCount } = useSettings();
  const [collectsP95, collectP95] = useCollectP95();
  const router = useRouter();
  const { namespaces, windowSeconds } = screen.view;
  const asked = encodeView({ ...DEFAULT_VIEW, namespaces, windowSeconds });
  if (collectsP95) asked.set('quantiles', 'true');
  const query = asked.toString();
  const state = useJson(`/api/lists/${ENTITY_PATHS[kind]}${query === '' ? '' : `?${query}`}`, {
    guard: isListDocument,
    refreshCount,
    refreshMs: refreshSeconds * 1000,
  });
  useDataStatus(state);
  const window = encodeView({ ...DEFAULT_VIEW, windowSeconds }).toString();
  return (
    <ListPage
      key={kind}
      kind={kind}
      state={state}
      namespaces={namespaces}
      absent={useAbsentNamespaces(namespaces)}
      windowQuery={window}
      collectsP95={collectsP95}
      onCollectP95={collectP95}
      onOpen={(href) => router.push(href)}
      onAllNamespaces={() => update({ view: { ...screen.view, namespaces: [] } })}
    />
  );
}
