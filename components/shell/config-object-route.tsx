'use client';
// One object, or a new one, inside of the frame. In: the address, the session. Out: the page; a review that may write.
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { ConfigRef } from '../../model/edit';
import type { ConfigKind } from '../../model/inventory';
import { decodeConfigAddress, isConfigKind } from '../config/config-kinds';
import { NewPage } from '../config/new-page';
import { ObjectPage } from '../config/object-page';
import type { ReviewSlot } from '../config/review-slot';
import { useViewUrl } from '../live/view-url';
import { configHref, readBack } from '../ui/config-address';
import { ErrorState } from '../ui/error-state';
import { useAddress } from '../ui/use-address';
import { buildPageHref } from './navigation';
import { useSession } from './session-context';
import { useSettings } from './shell-context';

const ConfigReview = dynamic(() => import('../config/config-review').then((file) => file.ConfigReview), { ssr: false });

/** Somebody edits: often enough to hear of changes of others, seldom enough for the API server. */
const MIN_REFRESH_MS = 5_000;

const NoSuchKind = ({ kind }: { readonly kind: string }): ReactNode => (
  <ErrorState
    problem={{
      title: 'There is no such kind of configuration',
      detail:
        kind === ''
          ? 'The address names no kind.'
          : `“${kind}” is none of the kinds of Istio and the Gateway API that the console changes.`,
      next: 'Choose the object in the list of configuration.',
      code: 'notFound',
    }}
    elsewhere={
      <Link className="pf-v6-c-button pf-m-primary" href="/config">
        All configuration
      </Link>
    }
  />
);

function useEditing() {
  const { me } = useSession();
  const { screen } = useViewUrl();
  const router = useRouter();
  const csrfToken = me?.csrfToken ?? null;
  const review: ReviewSlot = (request) => <ConfigReview {...request} csrfToken={csrfToken} />;
  const editing = {
    owner: me?.user?.name ?? 'anonymous',
    csrfToken,
    review,
    listHref: buildPageHref('/config', screen.view),
    onLeave: (href: string) => router.push(href),
  };
  return { me, router, editing };
}

export function ConfigObjectRoute({ kind, namespace, name }: Readonly<Record<'kind' | 'namespace' | 'name', string>>): ReactNode {
  const { me, editing } = useEditing();
  const { refreshSeconds } = useSettings();
  const [openPath] = useAddress('at');
  const [back] = useAddress('back');
  const ref: ConfigRef | null = decodeConfigAddress(kind, namespace, name);
  if (ref === null) return <NoSuchKind kind={kind} />;
  // Whose draft is to be looked for is not known before.
  if (me === null) return null;
  return (
    <ObjectPage
      key={configHref(ref)}
      objectRef={ref}
      openPath={openPath}
      back={readBack(back)}
      refreshMs={refreshSeconds === 0 ? 0 : Math.max(MIN_REFRESH_MS, refreshSeconds * 1000)}
      {...editing}
    />
  );
}

export function ConfigNewRoute(): ReactNode {
  const { me, router, editing } = useEditing();
  const [kind] = useAddress('kind');
  const [namespace] = useAddress('in');
  if (!isConfigKind(kind)) return <NoSuchKind kind={kind} />;
  if (me === null) return null;
  const known: ConfigKind = kind;
  return (
    <NewPage
      key={`${known} ${namespace}`}
      kind={known}
      namespace={namespace === '' ? 'default' : namespace}
      onCreated={({ steps }) => {
        const made = steps.find(({ action }) => action === 'create') ?? steps[0];
        router.push(made === undefined ? editing.listHref : configHref(made.ref));
      }}
      {...editing}
    />
  );
}
