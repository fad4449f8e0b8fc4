'use client';
// Pages with less to show: not there, not to be seen, one of the two sources away. In: a problem, a document. Out: states and notices.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DetailDocument } from '../../model/detail';
import { ENTITY_PATHS, type EntityRef } from '../../model/entity';
import type { SourceState } from '../../model/wire';
import { ErrorState } from '../ui/error-state';
import type { ShownProblem } from '../ui/fetch-json';
import { asSentence } from '../ui/format';
import { KIND_WORDS } from './detail-words';

interface ProblemProps {
  readonly entity: EntityRef;
  readonly problem: ShownProblem;
  readonly onRetry: () => void;
}

/** In place of the whole page. */
export function DetailProblem({ entity, problem, onRetry }: ProblemProps): ReactNode {
  if (problem.code !== 'notFound' && problem.code !== 'forbidden') return <ErrorState problem={problem} onRetry={onRetry} />;
  const word = KIND_WORDS[entity.kind].toLowerCase();
  const forbidden = problem.code === 'forbidden';
  return (
    <EmptyState
      variant="lg"
      icon={forbidden ? LockIcon : SearchIcon}
      titleText={forbidden ? `You may not see this ${word}` : `There is no such ${word}`}
      headingLevel="h2"
      role="alert"
    >
      <EmptyStateBody>
        <p>{asSentence(problem.detail)}</p>
        {problem.next === '' ? null : <p>{problem.next}</p>}
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Link className="pf-v6-c-button pf-m-primary" href={`/${ENTITY_PATHS[entity.kind]}`}>
            All {ENTITY_PATHS[entity.kind]}
          </Link>
          <Link className="pf-v6-c-button pf-m-link" href={forbidden ? '/account' : '/graph'}>
            {forbidden ? 'What you may see' : 'The graph'}
          </Link>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

const wordSource = ({ cause, next }: SourceState): string => [cause === null ? '' : asSentence(cause), next ?? ''].join(' ').trim();

/** One source is away: what is missing on the page for it. */
export function PartialNotice({ document }: { readonly document: DetailDocument }): ReactNode {
  const { freshness, traffic, inCluster } = document;
  const notices: { readonly title: string; readonly state: SourceState }[] = [];
  if (traffic === null)
    notices.push({ title: 'No traffic: the metrics cannot be read. What the Kubernetes API says is shown.', state: freshness.metrics });
  if (!inCluster && freshness.cluster.state !== 'live')
    notices.push({
      title: 'Only traffic: the Kubernetes API cannot be read. Pods, ports and configuration are missing.',
      state: freshness.cluster,
    });
  else if (!inCluster)
    notices.push({
      title: 'Only the metrics know it: it is not in the cluster that this console reads, or is there no more.',
      state: freshness.metrics,
    });
  return notices.map(({ title, state }) => (
    <Alert key={title} isInline variant="warning" title={title} component="h2">
      {wordSource(state) === '' ? null : <p>{wordSource(state)}</p>}
    </Alert>
  ));
}
