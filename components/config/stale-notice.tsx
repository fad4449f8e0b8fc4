'use client';
// What happened to the object while somebody edits it: changed, deleted, a draft from before. In: the text and the versions.
// Out: notices with ways on; none of them loses a line.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useEffect, useEffectEvent } from 'react';
import type { ConfigRef } from '../../model/edit';
import { formatAge } from '../ui/format';
import { useNow } from '../ui/use-now';
import styles from './config.module.css';
import { wordRef } from './config-kinds';
import type { ObjectVersion, YamlDraft } from './editor/yaml-drafts';

interface Props {
  readonly editedRef: ConfigRef | null;
  readonly base: ObjectVersion | null;
  readonly current: ObjectVersion | null;
  readonly text: string;
  readonly dirty: boolean;
  readonly restored: YamlDraft | null;
  /** The object is to be made anew. */
  readonly gone: boolean;
  /** The next version is that of our own write. */
  readonly adopting: boolean;
  readonly onAdopted: () => void;
  readonly onText: (text: string) => void;
  readonly onBase: (base: ObjectVersion) => void;
  readonly onGone: (gone: boolean) => void;
  readonly onDiscard: () => void;
  readonly onCompare: () => void;
  readonly onSeen: () => void;
}

export function StaleNotice(props: Props): ReactNode {
  const {
    editedRef,
    base,
    current,
    text,
    dirty,
    restored,
    gone,
    adopting,
    onAdopted,
    onText,
    onBase,
    onGone,
    onDiscard,
    onCompare,
    onSeen,
  } = props;
  const nowMs = useNow(10_000);
  const stale = editedRef !== null && current !== null && base !== null && current.resourceVersion !== base.resourceVersion;
  const deleted = editedRef !== null && current === null && base !== null;
  const follow = useEffectEvent(() => {
    if (adopting && current !== null && (stale || gone)) {
      onText(current.yaml);
      onBase(current);
      onGone(false);
      onAdopted();
      return;
    }
    if (!stale) return;
    // Made again by somebody else meanwhile.
    if (gone) onGone(false);
    // Only what the console does not show changed (status), or there is nothing of one's own to lose.
    if (current.yaml === base.yaml) onBase(current);
    else if (!dirty) {
      onText(current.yaml);
      onBase(current);
    } else if (text === current.yaml) onBase(current);
  });
  useEffect(() => {
    follow();
  }, [current?.resourceVersion, base?.resourceVersion, dirty, adopting, gone]);

  const merge = async (): Promise<void> => {
    if (base === null || current === null) return;
    const { mergeTexts } = await import('./editor/merge-text');
    onText(mergeTexts(base.yaml, text, current.yaml).text);
    onBase(current);
  };

  return (
    <div className={styles['notices']}>
      {restored === null ? null : (
        <Alert
          isInline
          variant="info"
          component="h2"
          title={`Your draft${nowMs === null ? '' : ` of ${formatAge(Math.max(0, nowMs - restored.atMs))} ago`} is back`}
          actionLinks={
            <>
              <Button variant="link" isInline onClick={onCompare}>
                Compare with the cluster
              </Button>
              <Button variant="link" isInline onClick={onDiscard}>
                Discard the draft
              </Button>
              <Button variant="link" isInline onClick={onSeen}>
                Go on with it
              </Button>
            </>
          }
        >
          It was not applied when this page was left.
        </Alert>
      )}
      {stale && dirty && !adopting && current.yaml !== base.yaml && text !== current.yaml ? (
        <Alert
          isInline
          variant="warning"
          component="h2"
          title="The object was changed in the cluster while you edited it"
          actionLinks={
            <>
              <Button variant="link" isInline onClick={() => void merge()}>
                Merge both changes
              </Button>
              <Button
                variant="link"
                isInline
                onClick={() => {
                  onText(current.yaml);
                  onBase(current);
                }}
              >
                Take the cluster’s text
              </Button>
              <Button variant="link" isInline onClick={() => onBase(current)}>
                Keep my text
              </Button>
              <Button variant="link" isInline onClick={onCompare}>
                Compare
              </Button>
            </>
          }
        >
          Your text is untouched. Until you decide, the change cannot be applied: it was begun on an older version.
        </Alert>
      ) : null}
      {deleted ? (
        <Alert
          isInline
          variant="warning"
          component="h2"
          title={`${wordRef(editedRef)} is not in the cluster any more`}
          {...(gone
            ? {}
            : {
                actionLinks: (
                  <Button variant="link" isInline onClick={() => onGone(true)}>
                    Create it anew from this text
                  </Button>
                ),
              })}
        >
          {gone ? 'The review will create it from your text.' : 'It was deleted by somebody else. Your text is untouched.'}
        </Alert>
      ) : null}
    </div>
  );
}
