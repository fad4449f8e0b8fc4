'use client';
// A failure in place of a page that has nothing else to show: what failed, on what, what to do next. In: a problem. Out: a full state; what
// is not there, or not for the reader, is no failure to try again: it leads elsewhere.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import type { ReactNode } from 'react';
import type { ShownProblem } from './fetch-json';
import { asSentence } from './format';

interface Props {
  readonly problem: Pick<ShownProblem, 'title' | 'detail' | 'next'> & Partial<Pick<ShownProblem, 'code'>>;
  readonly onRetry?: () => void;
  /** Said between what failed and what to do. */
  readonly more?: ReactNode;
  /** Links to what there is instead, for what is not there. */
  readonly elsewhere?: ReactNode;
}

/** Says it at once to screen readers; `onRetry` gives it a button. */
export function ErrorState({ problem, onRetry, more = null, elsewhere }: Props): ReactNode {
  const absent = problem.code === 'notFound' || problem.code === 'forbidden';
  const look = absent
    ? { icon: problem.code === 'forbidden' ? LockIcon : SearchIcon }
    : ({ icon: ExclamationCircleIcon, status: 'danger' } as const);
  const actions =
    absent && elsewhere !== undefined ? elsewhere : onRetry === undefined ? null : <Button onClick={onRetry}>Try again</Button>;
  return (
    <EmptyState variant="lg" {...look} titleText={problem.title} headingLevel="h2" role="alert">
      <EmptyStateBody>
        <p>{asSentence(problem.detail)}</p>
        {more}
        {problem.next === '' ? null : (
          <p>
            {absent ? null : <strong>What to do: </strong>}
            {problem.next}
          </p>
        )}
      </EmptyStateBody>
      {actions === null ? null : (
        <EmptyStateFooter>
          <EmptyStateActions>{actions}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
