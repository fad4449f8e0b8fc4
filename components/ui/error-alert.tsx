'use client';
// A failure above content that is still shown, or in a part of a page: what failed, what to do next. In: a problem. Out: an inline alert.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { ShownProblem } from './fetch-json';
import { asSentence } from './format';

interface Props {
  readonly problem: Pick<ShownProblem, 'title' | 'detail' | 'next'> & Partial<Pick<ShownProblem, 'status'>>;
  readonly onRetry?: () => void;
  /** Level of its title below the headings around it. */
  readonly heading?: 'h2' | 'h3' | 'h4';
}

export function ErrorAlert({ problem, onRetry, heading = 'h4' }: Props): ReactNode {
  // That the session ended is said once, over the whole page, with the way to log in.
  if (problem.status === 401) return null;
  return (
    <Alert
      isInline
      variant="danger"
      title={problem.title}
      component={heading}
      {...(onRetry === undefined
        ? {}
        : {
            actionLinks: (
              <Button variant="link" isInline onClick={onRetry}>
                Try again
              </Button>
            ),
          })}
    >
      <p>{asSentence(problem.detail)}</p>
      {problem.next === '' ? null : <p>{problem.next}</p>}
    </Alert>
  );
}
