'use client';
// The parts of a rule as buttons that say what they hold; each opens its editor below. In: a rule. Out: edits of its parts.
import { type ReactNode, useState } from 'react';
import type { Intent, RuleRef } from '../../model/edit';
import { rulePath } from './beyond-form';
import type { DraftRule, RulePart } from './draft-rules';
import { CorsEditor, HeadersEditor } from './header-editors';
import { MatchEditor } from './match-editor';
import { ObjectLink } from './object-link';
import { FaultEditor, MirrorEditor, RetriesEditor, RewriteEditor, TimeoutEditor } from './part-editors';
import type { Target } from './prediction';
import styles from './routing.module.css';
import { wordCors, wordDuration, wordFault, wordHeaders, wordMirror, wordRetries, wordRewrite } from './rule-words';

type Part = Exclude<RulePart, 'weights' | 'place'>;

const TITLES: Readonly<Record<Part, string>> = {
  match: 'Conditions',
  fault: 'Fault',
  timeout: 'Timeout',
  retries: 'Retries',
  mirror: 'Mirror',
  rewrite: 'Rewrite',
  headers: 'Headers',
  cors: 'CORS',
};
const MESH_PARTS: readonly Part[] = ['match', 'timeout', 'retries', 'fault', 'mirror', 'rewrite', 'headers', 'cors'];

/** What the object can hold of a rule: the Gateway API injects no faults, and its other routes know less than an HTTPRoute. */
function partsOf({ object, list, as }: RuleRef): readonly Part[] {
  if (list !== 'http') return ['match'];
  const kind = object?.kind ?? as ?? 'VirtualService';
  if (kind === 'GRPCRoute') return ['match', 'mirror', 'headers'];
  return kind === 'HTTPRoute' ? MESH_PARTS.filter((part) => part !== 'fault') : MESH_PARTS;
}

/** What the part holds; null: the rule has none. */
function wordPart(part: Part, { rule }: DraftRule, home: string): string | null {
  switch (part) {
    case 'match':
      return rule.matches === null || rule.matches.length === 0 ? null : String(rule.matches.length);
    case 'fault':
      return rule.fault === null ? null : wordFault(rule.fault);
    case 'timeout':
      return rule.timeoutMs === null ? null : wordDuration(rule.timeoutMs);
    case 'retries':
      return rule.retries === null ? null : wordRetries(rule.retries);
    case 'mirror':
      return rule.mirror === null ? null : wordMirror(rule.mirror, home);
    case 'rewrite':
      return rule.rewrite === null ? null : wordRewrite(rule.rewrite);
    case 'headers':
      return rule.headers === null ? null : wordHeaders(rule.headers);
    case 'cors':
      return rule.cors === null ? null : wordCors(rule.cors);
  }
}

interface Props {
  readonly one: DraftRule;
  readonly home: string;
  readonly targets: readonly Target[];
  readonly disabled: boolean;
  /** Address of the page, to come back to from the YAML. */
  readonly back: string;
  readonly onPut: (intent: Intent) => void;
}

function Editor({
  part,
  one,
  targets,
  onPut,
  onClose,
}: Omit<Props, 'home' | 'disabled' | 'back'> & { readonly part: Part; readonly onClose: () => void }): ReactNode {
  const { rule } = one;
  const ref = rule.rule;
  const put = (intent: Intent): void => {
    onPut(intent);
    onClose();
  };
  switch (part) {
    case 'match':
      return (
        <MatchEditor
          matches={rule.matches ?? []}
          list={ref.list}
          mesh={ref.object === null ? ref.as !== 'HTTPRoute' : ref.object.kind === 'VirtualService'}
          onPut={(matches) => put({ type: 'match', rule: ref, matches })}
          onCancel={onClose}
        />
      );
    case 'fault':
      return <FaultEditor value={rule.fault} onPut={(fault) => put({ type: 'fault', rule: ref, fault })} onCancel={onClose} />;
    case 'timeout':
      return (
        <TimeoutEditor
          value={rule.timeoutMs}
          onPut={(milliseconds) => put({ type: 'timeout', rule: ref, milliseconds })}
          onCancel={onClose}
        />
      );
    case 'retries':
      return <RetriesEditor value={rule.retries} onPut={(retries) => put({ type: 'retries', rule: ref, retries })} onCancel={onClose} />;
    case 'mirror':
      return (
        <MirrorEditor
          value={rule.mirror}
          targets={targets}
          onPut={(mirror) => put({ type: 'mirror', rule: ref, mirror })}
          onCancel={onClose}
        />
      );
    case 'rewrite':
      return <RewriteEditor value={rule.rewrite} onPut={(rewrite) => put({ type: 'rewrite', rule: ref, rewrite })} onCancel={onClose} />;
    case 'headers':
      return <HeadersEditor value={rule.headers} onPut={(headers) => put({ type: 'headers', rule: ref, headers })} onCancel={onClose} />;
    case 'cors':
      return <CorsEditor value={rule.cors} onPut={(cors) => put({ type: 'cors', rule: ref, cors })} onCancel={onClose} />;
  }
}

export function RuleParts({ one, home, targets, disabled, back, onPut }: Props): ReactNode {
  const [open, setOpen] = useState<Part | null>(null);
  const { rule } = one;
  const offered = partsOf(rule.rule);
  return (
    <>
      <fieldset className={styles['chips']}>
        <legend className="pf-v6-screen-reader">Parts of rule {rule.rule.index + 1}</legend>
        {offered.map((part) => {
          const word = wordPart(part, one, home);
          const { object } = rule.rule;
          if (part === 'match' && rule.matches === null && object !== null && one.was !== null)
            return (
              <ObjectLink
                key={part}
                to={object}
                path={`${rulePath(one.was.rule)}.${object.kind === 'VirtualService' ? 'match' : 'matches'}`}
                back={back}
                className={`${styles['chip']} ${styles['set']}`}
              >
                {TITLES[part]} <span className={styles['value']}>are more than the form holds: edit as YAML</span>
              </ObjectLink>
            );
          return (
            <button
              key={part}
              type="button"
              className={`${styles['chip']} ${word === null ? '' : styles['set']} ${one.changed.has(part) ? styles['edited'] : ''}`}
              aria-expanded={open === part}
              aria-label={word === null ? TITLES[part] : `${TITLES[part]} ${word}`}
              disabled={disabled}
              onClick={() => setOpen(open === part ? null : part)}
            >
              {TITLES[part]}
              {word === null ? null : <span className={styles['value']}> {word}</span>}
            </button>
          );
        })}
      </fieldset>
      {open === null || disabled ? null : (
        <Editor key={open} part={open} one={one} targets={targets} onPut={onPut} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
