'use client';
// A text to be copied somewhere: YAML, a command, a query. In: the text, what it is. Out: the text as it is, with a button that copies it.
import type { ReactNode } from 'react';
import styles from './code-block.module.css';
import { CopyButton } from './copy-button';

/** `what` completes "Copy …", e.g. "the YAML". */
export function CodeBlock({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  return (
    <div className={styles['code']}>
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton text={() => text} what={what} />
    </div>
  );
}
