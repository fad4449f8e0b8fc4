'use client';
// Why a node is "unknown" or a passthrough, its likely cause and what to do. In: Explanation. Out: an alert with commands to copy.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import type { ReactNode } from 'react';
import type { Explanation } from '../../model/graph';
import { CodeBlock } from '../ui/code-block';
import { splitFix } from './fix-text';
import styles from './panel.module.css';

export function ExplanationCard({ explanation }: { readonly explanation: Explanation }): ReactNode {
  return (
    <Alert isInline variant="info" title={explanation.what} component="h3" className={styles['explanation'] ?? ''}>
      <p>
        <strong>Likely cause: </strong>
        {explanation.cause}
      </p>
      <p>
        <strong>What to do:</strong>
      </p>
      {splitFix(explanation.fix).map((part) =>
        part.kind === 'text' ? (
          <p key={part.text}>{part.text}</p>
        ) : (
          <CodeBlock key={part.text} text={part.text} what={part.kind === 'yaml' ? 'the YAML' : 'the command'} />
        ),
      )}
    </Alert>
  );
}
