'use client';
// Pages with less to show: not there, not to be seen, one of the two sources away. In: a problem, a document. Out: states and notices.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import type { DetailDocument } from '../../model/detail';
import { buildEntityPath, ENTITY_PATHS, type EntityRef } from '../../model/entity';
import { readNear } from '../../model/near';
import { ErrorState } from '../ui/error-state';
import type { ShownProblem } from '../ui/fetch-json';
import { KIND_WORDS } from './detail-words';

interface ProblemProps {
  readonly entity: EntityRef;
  readonly problem: ShownProblem;
  readonly onRetry: () => void;
}

/** Of a name as it is told: `namespace/name`, of namespaces the name alone. */
function refOfNear(kind: EntityRef['kind'], text: string): EntityRef {
  const [namespace = '', name = namespace] = text.split('/');
  return { kind, namespace, name };
}

/** In place of the whole page. */
export function DetailProblem({ entity, problem, onRetry }: ProblemProps): ReactNode {
  if (problem.code !== 'notFound' && problem.code !== 'forbidden') return <ErrorState problem={problem} onRetry={onRetry} />;
  const word = KIND_WORDS[entity.kind].toLowerCase();
  const forbidden = problem.code === 'forbidden';
  const { names, rest } = readNear(problem.next);
  const title = forbidden ? `You may not see this ${word}` : `There is no such ${word}`;
  return (
    <ErrorState
      problem={{ ...problem, title, next: rest }}
      more={
        names.length === 0 ? null : (
          <p>
            Named nearly so:{' '}
            {names.map((text, i) => (
              <Fragment key={text}>
                {i === 0 ? '' : ', '}
                <Link href={buildEntityPath(refOfNear(entity.kind, text))} prefetch={false}>
                  {text}
                </Link>
              </Fragment>
            ))}
          </p>
        )
      }
      elsewhere={
        <>
          <Link className="pf-v6-c-button pf-m-primary" href={`/${ENTITY_PATHS[entity.kind]}`}>
            All {ENTITY_PATHS[entity.kind]}
          </Link>
          <Link className="pf-v6-c-button pf-m-link" href={forbidden ? '/account' : '/graph'}>
            {forbidden ? 'What you may see' : 'The graph'}
          </Link>
        </>
      }
    />
  );
}

/** One source is away: what is missing on the page for it. Why it is away is said above every page. */
export function PartialNotice({ document }: { readonly document: DetailDocument }): ReactNode {
  const { freshness, traffic, inCluster } = document;
  const notices = [
    ...(traffic === null ? ['No traffic: the metrics cannot be read. What the Kubernetes API says is shown.'] : []),
    ...(inCluster
      ? []
      : [
          freshness.cluster.state === 'live'
            ? 'Only the metrics know it: it is not in the cluster that this console reads, or is there no more.'
            : 'Only traffic: the Kubernetes API cannot be read. Pods, ports and configuration are missing.',
        ]),
  ];
  return notices.map((title) => <Alert key={title} isInline variant="warning" title={title} component="h2" />);
}
