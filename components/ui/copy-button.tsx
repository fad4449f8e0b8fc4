'use client';
// Copies a text and says so. In: the text, what it is. Out: a button.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import CopyIcon from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { type ReactNode, useEffect, useState } from 'react';

const SHOWN_MS = 2_000;

/** `what` completes "Copy …", e.g. "the fix". Says when the browser refuses (pages that came over plain http have no clipboard). */
export function CopyButton({
  text,
  what,
  children,
}: {
  readonly text: () => string;
  readonly what: string;
  readonly children?: ReactNode;
}): ReactNode {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (result === null) return undefined;
    const timer = setTimeout(() => setResult(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setResult('copied');
    } catch {
      setResult('refused');
    }
  };
  const word = result === 'copied' ? 'Copied' : result === 'refused' ? 'The browser refuses to copy' : null;
  return (
    <>
      <Button
        variant={children === undefined ? 'plain' : 'link'}
        isInline={children !== undefined}
        size="sm"
        icon={result === 'copied' ? <CheckIcon /> : <CopyIcon />}
        aria-label={`Copy ${what}`}
        title={word ?? `Copy ${what}`}
        onClick={() => void copy()}
      >
        {children === undefined ? undefined : (word ?? children)}
      </Button>
      <span role="status" className="pf-v6-screen-reader">
        {word ?? ''}
      </span>
    </>
  );
}
