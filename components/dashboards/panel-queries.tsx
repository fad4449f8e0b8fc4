'use client';
// The PromQL of a panel as it was asked, to copy or to go on with. In: queries. Out: a part that opens.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import type { PanelDocument } from '../../model/dashboard';
import { DEFAULT_RANGE, encodeChoice, type PanelRange } from '../../model/dashboard-query';
import { CodeBlock } from '../ui/code-block';
import styles from './dashboards.module.css';

function exploring(promql: string, range: PanelRange): string {
  const query = encodeChoice({}, range);
  query.set('promql', promql);
  return query.toString();
}

interface Props extends Pick<PanelDocument, 'queries'> {
  /** The range that is shown, to be kept where the query is explored. */
  readonly range?: PanelRange;
  /** False for who may not ask PromQL of his own. */
  readonly explorable?: boolean;
}

export function PanelQueries({ queries, range = DEFAULT_RANGE, explorable = true }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const texts = [...new Set(queries.map(({ promql }) => promql))];
  if (texts.length === 0) return null;
  return (
    <div className={styles['queries']}>
      <Button variant="link" isInline size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide PromQL' : 'Show PromQL'}
      </Button>
      {open
        ? texts.map((promql) => (
            <div key={promql}>
              <CodeBlock text={promql} what="the query" />
              {explorable ? <Link href={`/query?${exploring(promql, range)}`}>Explore this query</Link> : null}
            </div>
          ))
        : null}
    </div>
  );
}
