'use client';
// PromQL of one's own inside of the frame. In: the refresh choice. Out: the page, drawn by a chunk of its own.
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useSettings } from './shell-context';

const QueryPage = dynamic(() => import('../dashboards/query-page').then((file) => file.QueryPage), {
  ssr: false,
  loading: () => <Skeleton height="20rem" screenreaderText="The page is being loaded" />,
});

const ChangeMarkers = dynamic(() => import('../changes/change-markers').then((file) => file.ChangeMarkers), { ssr: false });

export function QueryRoute(): ReactNode {
  const { refreshSeconds, refreshCount } = useSettings();
  return (
    <ChangeMarkers>
      <QueryPage refreshSeconds={refreshSeconds} refreshCount={refreshCount} />
    </ChangeMarkers>
  );
}
