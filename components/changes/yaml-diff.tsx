'use client';
// An object before and after, side by side with what changed marked; one under the other where there is no room. In: two texts. Out: a table.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useMemo, useState } from 'react';
import { plural } from '../ui/format';
import { NARROW, useMediaQuery } from '../ui/use-media-query';
import { type DiffGap, type DiffRow, diffLines, foldRows } from './line-diff';
import styles from './yaml-diff.module.css';

interface Props {
  /** What is compared, for screen readers. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Above the columns. */
  readonly titles?: readonly [before: string, after: string];
}

const CONTEXT = 3;

function Side({
  side,
  kind,
  at,
}: {
  readonly side: DiffRow['left'];
  readonly kind: DiffRow['kind'];
  readonly at: 'left' | 'right';
}): ReactNode {
  const marked = kind !== 'same' && side !== null;
  const tone = !marked ? '' : at === 'left' ? (styles['removed'] ?? '') : (styles['added'] ?? '');
  const Text = marked ? (at === 'left' ? 'del' : 'ins') : 'span';
  return (
    <>
      <td className={`${styles['number']} ${tone}`} aria-hidden>
        {side?.number ?? ''}
      </td>
      <td className={`${styles['line']} ${tone} ${side === null ? styles['nothing'] : ''}`}>
        {side === null ? null : (
          <>
            <span className={styles['sign']} aria-hidden>
              {marked ? (at === 'left' ? '−' : '+') : ' '}
            </span>
            <Text>{side.text}</Text>
          </>
        )}
      </td>
    </>
  );
}

function GapRow({ gap, span, onOpen }: { readonly gap: DiffGap; readonly span: number; readonly onOpen: () => void }): ReactNode {
  return (
    <tr>
      <td colSpan={span} className={styles['gap']}>
        <Button variant="link" isInline size="sm" onClick={onOpen}>
          Show {plural(gap.lines, 'equal line')}
        </Button>
      </td>
    </tr>
  );
}

/** A run of changed rows as unified text: all that goes, then all that comes. */
function unify(
  rows: readonly (DiffRow | DiffGap)[],
): readonly (DiffGap | { readonly kind: DiffRow['kind']; readonly row: DiffRow; readonly at: 'left' | 'right' })[] {
  const out: (DiffGap | { readonly kind: DiffRow['kind']; readonly row: DiffRow; readonly at: 'left' | 'right' })[] = [];
  let coming: DiffRow[] = [];
  const flush = (): void => {
    out.push(...coming.map((row) => ({ kind: row.kind, row, at: 'right' as const })));
    coming = [];
  };
  for (const row of rows) {
    if (row.kind === 'gap' || row.kind === 'same') {
      flush();
      out.push(row.kind === 'gap' ? row : { kind: row.kind, row, at: 'right' });
      continue;
    }
    if (row.left !== null) out.push({ kind: row.kind, row, at: 'left' });
    if (row.right !== null) coming.push(row);
  }
  flush();
  return out;
}

export function YamlDiff({ name, before, after, titles = ['Before', 'After'] }: Props): ReactNode {
  const [whole, setWhole] = useState(false);
  // Of an object that comes or goes one side is empty.
  const unified = useMediaQuery(NARROW) || before === '' || after === '';
  const rows = useMemo(() => {
    const all = diffLines(before, after);
    return whole ? all : foldRows(all, CONTEXT);
  }, [before, after, whole]);
  const open = (): void => setWhole(true);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys (WCAG 2.1.1)
    <section className={styles['box']} aria-label={name} tabIndex={0}>
      <table className={`${styles['table']} ${unified ? styles['unified'] : ''}`}>
        <caption className="pf-v6-screen-reader">{name}</caption>
        <colgroup>
          <col className={styles['numbers']} />
          <col />
          {unified ? null : (
            <>
              <col className={styles['numbers']} />
              <col />
            </>
          )}
        </colgroup>
        {unified ? null : (
          <thead>
            <tr>
              <th scope="col" colSpan={2}>
                {titles[0]}
              </th>
              <th scope="col" colSpan={2}>
                {titles[1]}
              </th>
            </tr>
          </thead>
        )}
        <tbody>
          {unified
            ? unify(rows).map((one, i) =>
                one.kind === 'gap' ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
                  <GapRow key={i} gap={one} span={2} onOpen={open} />
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
                  <tr key={i}>
                    <Side side={one.row[one.at]} kind={one.kind} at={one.at} />
                  </tr>
                ),
              )
            : rows.map((row, i) =>
                row.kind === 'gap' ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
                  <GapRow key={i} gap={row} span={4} onOpen={open} />
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
                  <tr key={i}>
                    <Side side={row.left} kind={row.kind} at="left" />
                    <Side side={row.right} kind={row.kind} at="right" />
                  </tr>
                ),
              )}
        </tbody>
      </table>
    </section>
  );
}
