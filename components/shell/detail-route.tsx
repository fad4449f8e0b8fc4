'use client';
// A page about one thing inside of the frame. In: the entity, the session, the refresh choice, the address. Out: the page.
import type { ReactNode } from 'react';
import type { EntityRef } from '../../model/entity';
import { DEFAULT_VIEW, encodeView } from '../../model/wire';
import { isDetailDocument } from '../details/detail-guards';
import { DetailPage } from '../details/detail-page';
import { buildDetailPath, entityKey, graphHrefOf, readTab } from '../details/detail-words';
import { useViewUrl } from '../live/view-url';
import { useAddress } from '../ui/use-address';
import { useJson } from '../ui/use-json';
import { useSession } from './session-context';
import { useSettings } from './shell-context';
import { useDataStatus } from './use-data-status';

export function DetailRoute({ kind, namespace, name }: EntityRef): ReactNode {
  const session = useSession();
  const { refreshSeconds, refreshCount } = useSettings();
  const { screen } = useViewUrl();
  const [tab] = useAddress('tab');
  const entity: EntityRef = { kind, namespace, name };
  // The window goes along from tab to tab and from page to page.
  const query = encodeView({ ...DEFAULT_VIEW, windowSeconds: screen.view.windowSeconds }).toString();
  const state = useJson(buildDetailPath(entity, query), {
    guard: isDetailDocument,
    refreshCount,
    refreshMs: refreshSeconds * 1000,
    dropOnChange: true,
  });
  useDataStatus(state);
  return (
    <DetailPage
      key={entityKey(entity)}
      entity={entity}
      state={state}
      tab={readTab(kind, tab)}
      query={query}
      graphHref={graphHrefOf(entity, state.data?.node ?? null, screen.view.windowSeconds)}
      session={session}
      refreshSeconds={refreshSeconds}
      refreshCount={refreshCount}
    />
  );
}
