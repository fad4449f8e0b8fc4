'use client';
// A service inside of the frame. In: the session, the refresh choice, the names in the path. Out: the page.
import { type ReactNode, useMemo, useState } from 'react';
import { type ServiceAnswer, ServicePage } from '../changes/service-page';
import { useViewUrl } from '../live/view-url';
import type { PageStatus } from './freshness-words';
import { buildPageHref } from './navigation';
import { useSession } from './session-context';
import { useReportStatus, useSettings } from './shell-context';

const NOTHING: ServiceAnswer = { empty: true, atMs: null, problem: null };

function usePageStatus({ empty, atMs, problem }: ServiceAnswer, paused: boolean): PageStatus {
  return useMemo(() => {
    if (problem !== null) return { kind: empty ? 'error' : 'stale', atMs, freshness: null, problem: null };
    if (empty) return { kind: 'connecting', atMs: null, freshness: null, problem: null };
    return { kind: paused ? 'paused' : 'live', atMs, freshness: null, problem: null };
  }, [empty, atMs, problem, paused]);
}

export function ServiceRoute({ namespace, name }: { readonly namespace: string; readonly name: string }): ReactNode {
  const session = useSession();
  const { refreshSeconds, refreshCount } = useSettings();
  const { screen } = useViewUrl();
  const [answer, setAnswer] = useState(NOTHING);
  useReportStatus(usePageStatus(answer, refreshSeconds === 0));
  return (
    <ServicePage
      key={`${namespace}/${name}`}
      session={session}
      namespace={namespace}
      name={name}
      refreshSeconds={refreshSeconds}
      refreshCount={refreshCount}
      onAnswer={setAnswer}
      graphHref={buildPageHref('/graph', { namespaces: [namespace], windowSeconds: screen.view.windowSeconds })}
    />
  );
}
