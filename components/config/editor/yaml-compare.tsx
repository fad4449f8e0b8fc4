'use client';
// Two texts of one object side by side, the changed lines marked; one above the other where there is no room. In: two texts. Out: the comparison.
import { yaml } from '@codemirror/lang-yaml';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './editor.module.css';
import { editorLook } from './editor-theme';

interface Props {
  readonly before: string;
  readonly after: string;
  readonly beforeName: string;
  readonly afterName: string;
  readonly narrow: boolean;
}

const reading = (name: string): Extension => [
  lineNumbers(),
  yaml(),
  editorLook(),
  EditorState.readOnly.of(true),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': name }),
];

const COLLAPSE = { margin: 4, minSize: 8 };

export function YamlCompare({ before, after, beforeName, afterName, narrow }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    if (narrow) {
      const view = new EditorView({
        parent: host.current,
        state: EditorState.create({
          doc: after,
          extensions: [
            reading(`${afterName}, with what it changes`),
            unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: COLLAPSE }),
          ],
        }),
      });
      return () => view.destroy();
    }
    const view = new MergeView({
      parent: host.current,
      a: { doc: before, extensions: reading(beforeName) },
      b: { doc: after, extensions: reading(afterName) },
      gutter: true,
      collapseUnchanged: COLLAPSE,
    });
    return () => view.destroy();
  }, [before, after, beforeName, afterName, narrow]);
  return (
    <div className={styles['compare']}>
      {narrow ? null : (
        <div className={styles['compareHead']} aria-hidden>
          <span>{beforeName}</span>
          <span>{afterName}</span>
        </div>
      )}
      <div ref={host} className={styles['compareBody']} />
    </div>
  );
}
