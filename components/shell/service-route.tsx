'use client';
// A service inside of the frame. In: the session, the refresh choice, the names in the path. Out: the page.
import type { ReactNode } from 'react';
import { ServicePage } from '../changes/service-page';
import { useViewUrl } from '../live/view-url';
import { buildPageHref } from './navigation';
import { useSession } from './session-context';
import { useSettings } from './shell-context';

export function ServiceRoute({ namespace, name }: { readonly namespace: string; readonly name: string }): ReactNode {
  const session = useSession();
  const { refreshSeconds, refreshCount } = useSettings();
  const { screen } = useViewUrl();
  return (
    <ServicePage
      key={`${namespace}/${name}`}
      session={session}
      namespace={namespace}
      name={name}
      refreshSeconds={refreshSeconds}
      refreshCount={refreshCount}
      graphHref={buildPageHref('/graph', { namespaces: [namespace], windowSeconds: screen.view.windowSeconds })}
    />
  );
}
