'use client';
// The PromQL of a panel as it was asked, to copy or to go on with. In: queries. Out: a part that opens.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import type { PanelDocument } from '../../model/dashboard';
import { CodeBlock } from '../ui/code-block';
import styles from './dashboards.module.css';

export function PanelQueries({ queries }: Pick<PanelDocument, 'queries'>): ReactNode {
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
              <Link href={`/query?${new URLSearchParams({ promql }).toString()}`}>Explore this query</Link>
            </div>
          ))
        : null}
    </div>
  );
}
