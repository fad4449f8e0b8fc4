'use client';
// The rules of a service in the order in which they are tried, by object; those that are off; a form for a new one. In: the document, the draft. Out: edits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { type ReactNode, useMemo, useState } from 'react';
import { type Edit, type Intent, type RuleRef, refText } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { routingHref } from '../ui/config-address';
import { AddRule } from './add-rule';
import type { DraftRouting, DraftRule } from './draft-rules';
import { FirstRule } from './first-rule';
import { ObjectLink } from './object-link';
import { protocolOf, rateOf } from './prediction';
import { wordApi, wordNoMixing } from './route-api';
import styles from './routing.module.css';
import { RuleCard, targetsFor } from './rule-card';
import { listTargets, versionName } from './rule-targets';
import { draftSubsets } from './subsets-section';

interface Props {
  readonly document: ServiceRoutingDocument;
  readonly edits: readonly Edit[];
  readonly routing: DraftRouting;
  readonly predicted: ReadonlyMap<string, number | null>;
  readonly disabled: boolean;
  readonly onPut: (...intents: readonly Intent[]) => void;
}

interface Group {
  readonly key: string;
  readonly ref: RuleRef;
  readonly rules: readonly DraftRule[];
}

function groupRules(rules: readonly DraftRule[]): readonly Group[] {
  const groups = new Map<string, { ref: RuleRef; rules: DraftRule[] }>();
  for (const one of rules) {
    const { rule: ref } = one.rule;
    const key = `${ref.object === null ? 'new' : refText(ref.object)} ${ref.list}`;
    const group = groups.get(key) ?? { ref, rules: [] };
    group.rules.push(one);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}

function Disabled({ routing, disabled, onPut }: Pick<Props, 'routing' | 'disabled' | 'onPut'>): ReactNode {
  if (routing.disabled.length === 0 && routing.removed.length === 0) return null;
  return (
    <ul className={styles['off']} aria-label="Rules that are off">
      {routing.disabled.map((one, i) => {
        const { enable } = one;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules that are off have no name but their place
          <li key={i}>
            <span>
              Off: {one.words}{' '}
              {enable === null || one.enabledByDraft ? (
                <Label isCompact color="blue" variant="outline">
                  {enable === null ? 'switched off in the draft' : 'switched on in the draft'}
                </Label>
              ) : null}
            </span>
            {disabled || enable === null || one.enabledByDraft ? null : (
              <Button variant="link" isInline size="sm" onClick={() => onPut(enable)}>
                Switch on
              </Button>
            )}
          </li>
        );
      })}
      {routing.removed.map((words) => (
        <li key={words}>
          <span className={styles['gone']}>{words}</span>{' '}
          <Label isCompact color="blue" variant="outline">
            removed in the draft
          </Label>
        </li>
      ))}
    </ul>
  );
}

export function RuleList({ document, edits, routing, predicted, disabled, onPut }: Props): ReactNode {
  const [adding, setAdding] = useState<string | null>(null);
  const [dragged, setDragged] = useState<DraftRule | null>(null);
  const targets = useMemo(() => listTargets(document, edits), [document, edits]);
  const groups = groupRules(routing.rules);
  const back = routingHref(document.namespace, document.name);
  const noMixing = wordNoMixing(document);
  const define = (subsets: readonly (string | null)[]): readonly Intent[] => {
    const drafted = draftSubsets(edits, document.host).map(({ name }) => name);
    const missing = document.versions.filter((version) => {
      const name = versionName(version);
      return version.subset === null && name !== null && subsets.includes(name) && !drafted.includes(name);
    });
    if (missing.length === 0) return [];
    const defined = missing.map((version) => ({ name: versionName(version) ?? '', labels: version.labels }));
    return [{ type: 'subsets', host: document.host, namespace: document.namespace, subsets: defined }];
  };
  return (
    <section className={styles['section']} aria-labelledby="rules-title">
      <div className={styles['sectionHead']}>
        <h2 id="rules-title">Rules</h2>
        <span className={styles['sub']}>{routing.rules.length < 2 ? '' : 'tried in this order; the first that applies wins'}</span>
      </div>
      {routing.rules.length === 0 ? (
        <FirstRule document={document} targets={targets} disabled={disabled} onPut={onPut} define={define} />
      ) : null}
      {groups.map(({ key, ref, rules }) => {
        const object = document.objects.find((one) => ref.object !== null && refText(one.ref) === refText(ref.object));
        const end: RuleRef = { ...ref, index: rules.length };
        return (
          <div key={key} className={styles['group']}>
            <p className={styles['sub']}>
              {object === undefined ? (
                `A new ${ref.as ?? 'VirtualService'}, made by the draft`
              ) : (
                <>
                  <Label isCompact variant="outline">
                    {wordApi(object.ref)}
                  </Label>{' '}
                  <ObjectLink to={object.ref} back={back} />
                  {ref.list === 'http' ? '' : `, ${ref.list.toUpperCase()}`}
                  {object.effective && document.objects.length < 2 ? '' : `: ${object.why}`}
                </>
              )}
            </p>
            <ol className={styles['rules']}>
              {rules.map((one) => (
                <RuleCard
                  key={one.key}
                  one={one}
                  home={document.host}
                  protocol={protocolOf(document)}
                  rate={rateOf(one, document, routing.rules)}
                  predicted={predicted}
                  targets={targets}
                  disabled={disabled}
                  count={rules.length}
                  back={back}
                  onPut={onPut}
                  define={define}
                  dragged={dragged}
                  onDrag={setDragged}
                />
              ))}
            </ol>
            {disabled ? null : adding === key ? (
              <AddRule
                at={end}
                targets={targetsFor(end, targets)}
                port={document.ports[0]?.port ?? null}
                onCancel={() => setAdding(null)}
                onPut={(intent, subsets) => {
                  onPut(...define(subsets), intent);
                  setAdding(null);
                }}
              />
            ) : (
              <Button variant="link" isInline onClick={() => setAdding(key)}>
                Add a rule
              </Button>
            )}
          </div>
        );
      })}
      <Disabled routing={routing} disabled={disabled} onPut={onPut} />
      {noMixing === null ? null : (
        <details className={styles['aside']}>
          <summary>Why all rules are of one API</summary>
          <p>{noMixing}</p>
        </details>
      )}
    </section>
  );
}
