'use client';
// A failure in place of a page that has nothing else to show: what failed, on what, what to do next. In: a problem. Out: a full state.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import type { ReactNode } from 'react';
import type { ShownProblem } from './fetch-json';
import { asSentence } from './format';

interface Props {
  readonly problem: Pick<ShownProblem, 'title' | 'detail' | 'next'>;
  readonly onRetry?: () => void;
}

/** Says it at once to screen readers; `onRetry` gives it a button. */
export function ErrorState({ problem, onRetry }: Props): ReactNode {
  return (
    <EmptyState variant="lg" status="danger" icon={ExclamationCircleIcon} titleText={problem.title} headingLevel="h2" role="alert">
      <EmptyStateBody>
        <p>{asSentence(problem.detail)}</p>
        {problem.next === '' ? null : (
          <p>
            <strong>What to do: </strong>
            {problem.next}
          </p>
        )}
      </EmptyStateBody>
      {onRetry === undefined ? null : (
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button onClick={onRetry}>Try again</Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
