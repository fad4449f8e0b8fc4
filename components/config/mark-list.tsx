'use client';
// What is wrong with the text, worst first, each with the way to its place. In: marks. Out: a list below the editor.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import Link from 'next/link';
import { memo, type ReactNode } from 'react';
import { configHref } from '../ui/config-address';
import type { ShownProblem } from '../ui/fetch-json';
import styles from './config.module.css';
import { wordRef } from './config-kinds';
import { type EditorMark, wordMarks } from './editor/editor-marks';
import { SeverityIcon } from './severity';

interface RowsProps {
  readonly marks: readonly EditorMark[];
  /** Line of a mark's place, from 1, by its key. */
  readonly lines: ReadonlyMap<string, number | null>;
  /** Must keep their identity: the rows are drawn anew only when there are other ones. */
  readonly onJump: (mark: EditorMark) => void;
  readonly onFix: (mark: EditorMark) => void;
}

interface Props extends RowsProps {
  readonly checking: boolean;
  /** Why findings could not be asked for. */
  readonly failure: ShownProblem | null;
}

/** Nobody mends more at once; the marks in the text are all there. */
const MAX_ROWS = 60;

export function MarkList({ marks, lines, checking, failure, onJump, onFix }: Props): ReactNode {
  return (
    <section className={styles['marks']} aria-labelledby="marks-title">
      <h2 id="marks-title" className={styles['marksTitle']}>
        Problems
        <span className={styles['subtle']} role="status">
          {checking ? 'checking…' : wordMarks(marks)}
        </span>
      </h2>
      {failure === null ? null : (
        <p className={styles['marksNote']}>
          <SeverityIcon severity="warning" />
          <span>
            Findings are not known: {failure.detail} {failure.next}
          </span>
        </p>
      )}
      {marks.length === 0 && !checking && failure === null ? (
        <p className={styles['marksNote']}>
          <span className={`${styles['severity']} ${styles['ok']}`}>
            <CheckCircleIcon aria-hidden />
          </span>
          The text fits the schema of the cluster, and the analysis finds nothing wrong.
        </p>
      ) : null}
      <MarkRows marks={marks} lines={lines} onJump={onJump} onFix={onFix} />
    </section>
  );
}

const MarkRows = memo(function MarkRows({ marks, lines, onJump, onFix }: RowsProps): ReactNode {
  return (
    <ul className={styles['markRows']}>
      {marks.slice(0, MAX_ROWS).map((mark) => {
        const line = lines.get(mark.key) ?? null;
        return (
          <li key={mark.key} className={styles['mark']}>
            <SeverityIcon severity={mark.severity} />
            <span className={styles['line']}>
              {line === null ? null : (
                <Button variant="link" isInline size="sm" onClick={() => onJump(mark)}>
                  Line {line}
                </Button>
              )}
            </span>
            <div>
              <p>
                {mark.code === null ? null : <code className={styles['code']}>{mark.code}</code>} {mark.message}{' '}
                {mark.existing ? <span className={styles['subtle']}>(was there before)</span> : null}
              </p>
              {mark.more === '' ? null : <p className={styles['subtle']}>{mark.more}</p>}
              <p className={styles['markActions']} hidden={mark.object === null && mark.fix === null}>
                {mark.object === null ? null : (
                  <Link href={configHref(mark.object)} prefetch={false}>
                    {wordRef(mark.object)}
                  </Link>
                )}
                {mark.fix === null ? null : (
                  <Button variant="link" isInline size="sm" onClick={() => onFix(mark)}>
                    {mark.fix.title}
                  </Button>
                )}
              </p>
            </div>
          </li>
        );
      })}
      {marks.length > MAX_ROWS ? <li className={styles['subtle']}>and {marks.length - MAX_ROWS} more, marked in the text</li> : null}
    </ul>
  );
});
