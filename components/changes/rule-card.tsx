'use client';
// One rule: when, what, its live share, its weights, its parts, and what can be done with it. In: DraftRule. Out: a card that gives edits.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import ArrowDownIcon from '@patternfly/react-icons/dist/esm/icons/arrow-down-icon';
import ArrowUpIcon from '@patternfly/react-icons/dist/esm/icons/arrow-up-icon';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import GripVerticalIcon from '@patternfly/react-icons/dist/esm/icons/grip-vertical-icon';
import TrashIcon from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import type { DragEvent, ReactNode } from 'react';
import { type Intent, type RuleRef, refText } from '../../model/edit';
import type { RoutingRule } from '../../model/steering';
import type { Protocol } from '../../model/traffic';
import { formatShare } from '../ui/format';
import { listBeyondForm, rulePath } from './beyond-form';
import { wordAmount } from './change-words';
import type { DraftRule } from './draft-rules';
import { ObjectLink } from './object-link';
import type { Target } from './prediction';
import styles from './routing.module.css';
import { RuleParts } from './rule-parts';
import { WeightEditor } from './weight-editor';

const MAX_BEYOND = 6;

interface Props {
  readonly one: DraftRule;
  readonly home: string;
  readonly protocol: Protocol;
  /** Requests (TCP: bytes) per second that it takes; null where the metrics cannot tell. */
  readonly rate: number | null;
  readonly predicted: ReadonlyMap<string, number | null>;
  readonly targets: readonly Target[];
  readonly disabled: boolean;
  /** Length of its list. */
  readonly count: number;
  /** Address of the page, to come back to from the YAML. */
  readonly back: string;
  readonly onPut: (...intents: readonly Intent[]) => void;
  /** Defines subsets for versions that have none, before weights name them. */
  readonly define: (subsets: readonly (string | null)[]) => readonly Intent[];
  readonly dragged: DraftRule | null;
  readonly onDrag: (one: DraftRule | null) => void;
}

function Share({ one, rate, protocol }: Pick<Props, 'one' | 'rate' | 'protocol'>): ReactNode {
  const share = one.was?.liveShare ?? null;
  if (one.was === null) return <span className={styles['share']}>new: nothing yet</span>;
  if (share === null && rate === null)
    return (
      <span className={styles['share']} title="The rule matches on what metrics do not carry (path, headers).">
        share not known
      </span>
    );
  return (
    <span className={styles['share']}>
      {share === null ? null : <strong>{formatShare(share)}</strong>} {rate === null ? null : wordAmount(rate, protocol)}
    </span>
  );
}

/** What the forms leave alone, with the way to it. */
function Beyond({ was, back }: { readonly was: RoutingRule; readonly back: string }): ReactNode {
  const beyond = listBeyondForm(was);
  const { object } = was.rule;
  if (beyond.length === 0 || object === null) return null;
  return (
    <p className={styles['sub']}>
      Not in these forms, kept as it is, and edited as YAML:{' '}
      {beyond.slice(0, MAX_BEYOND).map(({ place, path }, i) => (
        <span key={path}>
          {i === 0 ? '' : ', '}
          <ObjectLink to={object} path={path} back={back}>
            <code>{place}</code>
          </ObjectLink>
        </span>
      ))}
      {beyond.length > MAX_BEYOND ? ` and ${beyond.length - MAX_BEYOND} more` : ''}.
    </p>
  );
}

export function RuleCard(props: Props): ReactNode {
  const { one, home, protocol, rate, predicted, targets, disabled, count, back, onPut, define, dragged, onDrag } = props;
  const { rule, was, changed } = one;
  const ref = rule.rule;
  const number = ref.index + 1;
  const offered = targetsFor(ref, targets);
  const place = was === null ? 'new' : changed.size > 0 ? 'edited' : null;
  const canDrop = dragged !== null && dragged.key !== one.key && sameList(dragged, one);
  const move = (to: number): void => onPut({ type: 'moveRule', rule: ref, to });
  const onDrop = (event: DragEvent): void => {
    if (!canDrop) return;
    event.preventDefault();
    onPut({ type: 'moveRule', rule: dragged.rule.rule, to: ref.index });
    onDrag(null);
  };
  return (
    // Dropping is the mouse's way; the buttons "up" and "down" do the same by key.
    <li
      className={`${styles['rule']} ${place === null ? '' : styles['touched']} ${canDrop ? styles['droppable'] : ''}`}
      onDragOver={(event) => {
        if (canDrop) event.preventDefault();
      }}
      onDrop={onDrop}
    >
      <div className={styles['ruleHead']}>
        {disabled || count < 2 ? null : (
          <span
            className={styles['grip']}
            draggable
            aria-hidden
            title="Drag to another place"
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', one.key);
              onDrag(one);
            }}
            onDragEnd={() => onDrag(null)}
          >
            <GripVerticalIcon />
          </span>
        )}
        <h3 className={styles['ruleTitle']}>
          <span className={styles['number']}>{number}</span>
          <span>
            <span className={styles['when']}>{rule.words.when}</span> <span className={styles['what']}>→ {rule.words.what}</span>
          </span>
        </h3>
        {place === null ? null : (
          <Label isCompact color="blue" variant="outline">
            {place === 'new' ? 'new in the draft' : 'edited in the draft'}
          </Label>
        )}
        <Share one={one} rate={rate} protocol={protocol} />
        <span className={styles['ruleButtons']}>
          {was === null || was.rule.object === null ? null : (
            <ObjectLink to={was.rule.object} path={rulePath(was.rule)} back={back} className={styles['asYaml']}>
              YAML<span className="pf-v6-screen-reader"> of rule {number}</span>
            </ObjectLink>
          )}
          {disabled ? null : (
            <>
              {count < 2 ? null : (
                <>
                  <Button
                    variant="plain"
                    size="sm"
                    icon={<ArrowUpIcon />}
                    aria-label={`Move rule ${number} up`}
                    title="Up"
                    isDisabled={ref.index === 0}
                    onClick={() => move(ref.index - 1)}
                  />
                  <Button
                    variant="plain"
                    size="sm"
                    icon={<ArrowDownIcon />}
                    aria-label={`Move rule ${number} down`}
                    title="Down"
                    isDisabled={ref.index >= count - 1}
                    onClick={() => move(ref.index + 1)}
                  />
                </>
              )}
              {was === null || ref.object === null ? null : (
                <Button
                  variant="plain"
                  size="sm"
                  icon={<BanIcon />}
                  aria-label={`Switch rule ${number} off`}
                  title="Switch off: kept in the object, not in force"
                  onClick={() => onPut({ type: 'disableRule', rule: ref })}
                />
              )}
              <Button
                variant="plain"
                size="sm"
                icon={<TrashIcon />}
                aria-label={`Remove rule ${number}`}
                title="Remove"
                onClick={() => onPut({ type: 'removeRule', rule: ref })}
              />
            </>
          )}
        </span>
      </div>
      <p className={styles['sub']}>
        {[
          rule.name === null ? null : `“${rule.name}”`,
          rule.gateways.every((gateway) => gateway === 'mesh') ? null : `for ${rule.gateways.join(', ')}`,
        ]
          .filter((text) => text !== null)
          .join(' · ')}
      </p>
      {rule.unreachable === null ? null : <p className={styles['warn']}>⚠ It can never win: {rule.unreachable}</p>}
      {rule.action === 'route' ? (
        <WeightEditor
          name={`Weights of rule ${number}`}
          home={home}
          protocol={protocol}
          destinations={rule.destinations}
          was={was?.destinations ?? []}
          predicted={predicted}
          targets={offered}
          disabled={disabled}
          onWeights={(destinations) =>
            onPut(...define(destinations.map(({ subset }) => subset)), { type: 'weights', rule: ref, destinations })
          }
        />
      ) : null}
      {rule.action === 'delegate' ? <p className={styles['sub']}>Its rules stand in another VirtualService.</p> : null}
      <RuleParts one={one} home={home} targets={offered} disabled={disabled} back={back} onPut={onPut} />
      {was === null ? null : <Beyond was={was} back={back} />}
    </li>
  );
}

/** The Gateway API knows no subsets: backends are services. */
export const targetsFor = ({ object, as }: RuleRef, targets: readonly Target[]): readonly Target[] =>
  (object === null && as !== 'HTTPRoute') || object?.kind === 'VirtualService' ? targets : targets.filter(({ subset }) => subset === null);

/** Rules change places only within one list of one object. */
function sameList(a: DraftRule, b: DraftRule): boolean {
  const [first, second] = [a.rule.rule, b.rule.rule];
  const text = ({ object }: typeof first): string => (object === null ? '' : refText(object));
  return text(first) === text(second) && first.list === second.list;
}
