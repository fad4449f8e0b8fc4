// A short table without sorting or choice: headings and rows as they come. In: headings, rows. Out: a table, in a part that scrolls where it may be wide.
import type { ReactNode } from 'react';
import styles from './simple-table.module.css';

interface Props {
  /** What it lists; read by screen readers. */
  readonly name: string;
  readonly heads: readonly string[];
  /** It may be wider than the page: cells keep to one line and the first column stays in sight. */
  readonly scroll?: boolean;
  /** Beside the classes of the table. */
  readonly className?: string | undefined;
  /** Rows. */
  readonly children: ReactNode;
}

export function SimpleTable({ name, heads, scroll = false, className, children }: Props): ReactNode {
  const table = (
    <table className={`${styles['table']} ${className ?? ''}`} aria-label={name}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
  if (!scroll) return table;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keys (WCAG 2.1.1)
    <section className={styles['scroll']} aria-label={`Table: ${name}`} tabIndex={0}>
      {table}
    </section>
  );
}
