'use client';
// A page that failed while it was drawn. In: the error. Out: what to do; the frame and its navigation stay.
import { PageSection } from '@patternfly/react-core/dist/esm/components/Page';
import type { ReactNode } from 'react';
import { ErrorState } from '../components/ui/error-state';

export default function PageError({
  error,
  reset,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}): ReactNode {
  const mark = error.digest === undefined ? '' : ` Its mark in the log of the console is ${error.digest}.`;
  return (
    <PageSection isFilled hasBodyWrapper={false}>
      <ErrorState
        problem={{
          title: 'This page failed',
          detail: `The page could not be drawn.${mark}`,
          next: 'Try again; if it stays, reload the page and report it.',
        }}
        onRetry={reset}
      />
    </PageSection>
  );
}
