'use client';
// The destinations of a rule with linked sliders and numbers: one moves, the others give or take, the total stays 100; or relative weights.
// In: destinations, predicted rates. Out: sliders; every move gives the destinations as they shall be.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import LockOpenIcon from '@patternfly/react-icons/dist/esm/icons/lock-open-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type ReactNode, useState } from 'react';
import type { DestinationEdit } from '../../model/edit';
import type { RoutedDestination } from '../../model/steering';
import type { Protocol } from '../../model/traffic';
import { plural } from '../ui/format';
import { AddDestination } from './add-destination';
import { wordAmount } from './change-words';
import { type Target, targetKey } from './prediction';
import { wordDestination } from './rule-words';
import { FULL, isFull, moveWeight, toPercent } from './weight-link';
import styles from './weights.module.css';

interface Props {
  /** Names the group for screen readers: "Weights of rule 1". */
  readonly name: string;
  readonly home: string;
  readonly protocol: Protocol;
  readonly destinations: readonly RoutedDestination[];
  /** As they are written now, for the number beside a moved one. */
  readonly was: readonly RoutedDestination[];
  /** By `targetKey`; empty while nothing is edited. */
  readonly predicted: ReadonlyMap<string, number | null>;
  readonly targets: readonly Target[];
  readonly disabled: boolean;
  readonly onWeights: (destinations: readonly DestinationEdit[]) => void;
}

/** What the object says, or means where it says nothing. */
function weightOf(one: RoutedDestination, count: number): number {
  // A single destination takes all, whatever its weight is.
  if (count === 1) return FULL;
  return one.weight ?? Math.round(one.share * FULL);
}

export function WeightEditor({ name, home, protocol, destinations, was, predicted, targets, disabled, onWeights }: Props): ReactNode {
  const weights = destinations.map((one) => weightOf(one, destinations.length));
  const [relative, setRelative] = useState(destinations.length > 1 && !isFull(weights));
  const [locked, setLocked] = useState<ReadonlySet<string>>(new Set());
  const keys = destinations.map((one) => targetKey(one.host, one.subset));
  const lockedAt = new Set(keys.flatMap((key, i) => (locked.has(key) ? [i] : [])));
  const put = (next: readonly number[]): void =>
    onWeights(destinations.map(({ host, subset, port }, i) => ({ host, subset, port, weight: next[i] ?? 0 })));
  const set = (index: number, value: number): void => {
    if (!Number.isFinite(value)) return;
    if (relative) put(weights.map((old, i) => (i === index ? Math.max(0, Math.round(value)) : old)));
    else put(moveWeight(isFull(weights) ? weights : toPercent(weights), index, value, lockedAt));
  };
  const toggleRelative = (): void => {
    if (relative) put(toPercent(weights));
    setRelative(!relative);
  };
  const toggleLock = (key: string): void =>
    setLocked((old) => new Set(old.has(key) ? [...old].filter((one) => one !== key) : [...old, key]));
  const missing = targets.filter(({ host, subset }) => !keys.includes(targetKey(host, subset)));
  const total = weights.reduce((all, weight) => all + weight, 0);
  const top = relative ? Math.max(FULL, ...weights) : FULL;
  return (
    <fieldset className={styles['weights']}>
      <legend className="pf-v6-screen-reader">{name}</legend>
      {destinations.map((one, i) => {
        const key = keys[i] ?? '';
        const word = wordDestination(one, home);
        const before = was.find(({ host, subset }) => targetKey(host, subset) === key);
        const then = predicted.get(key);
        const weight = weights[i] ?? 0;
        const moved = before === undefined || Math.abs(before.share - one.share) > 0.0005;
        const isLocked = locked.has(key);
        const fixed = disabled || (!relative && (isLocked || destinations.length === 1));
        return (
          <div key={key} className={`${styles['row']} ${moved ? styles['moved'] : ''}`}>
            <span className={styles['name']}>
              {word}
              <span className={styles['sub']}>{one.workloads.join(', ')}</span>
            </span>
            <input
              type="range"
              className={styles['slider']}
              aria-label={`Weight of ${word}`}
              aria-valuetext={relative ? `${weight} of ${total}` : `${weight} percent`}
              min={0}
              max={top}
              step={1}
              value={weight}
              disabled={fixed}
              style={{ '--heddle-fill': `${top === 0 ? 0 : (weight / top) * 100}%` } as Record<string, string>}
              onChange={(event) => set(i, event.currentTarget.valueAsNumber)}
            />
            <span className={styles['numberBox']}>
              <input
                type="number"
                className={styles['number']}
                aria-label={`Weight of ${word} as a number`}
                min={0}
                max={relative ? 65_535 : FULL}
                value={weight}
                disabled={fixed}
                onChange={(event) => set(i, event.currentTarget.valueAsNumber)}
              />
              <span aria-hidden>{relative ? `of ${total}` : '%'}</span>
            </span>
            <span className={styles['facts']}>
              <span className={one.readyEndpoints === 0 || one.state !== 'ok' ? styles['bad'] : undefined}>
                {one.state === 'missing'
                  ? 'does not exist'
                  : one.readyEndpoints === null
                    ? 'outside'
                    : one.readyEndpoints === 0
                      ? 'no ready endpoint'
                      : plural(one.readyEndpoints, 'ready endpoint')}
              </span>
              <span className={styles['rates']}>
                <span className="pf-v6-screen-reader">now </span>
                {wordAmount(one.requestsPerSecond, protocol)}
                {then === undefined ? null : (
                  <>
                    <span aria-hidden> → </span>
                    <span className="pf-v6-screen-reader">, predicted </span>
                    <strong>{wordAmount(then, protocol)}</strong>
                  </>
                )}
              </span>
            </span>
            <span className={styles['buttons']}>
              {destinations.length < 3 || relative ? null : (
                <Button
                  variant="plain"
                  size="sm"
                  icon={isLocked ? <LockIcon /> : <LockOpenIcon />}
                  aria-label={`Lock the weight of ${word}`}
                  aria-pressed={isLocked}
                  title={isLocked ? 'Unlock' : 'Lock: stays while others move'}
                  isDisabled={disabled}
                  onClick={() => toggleLock(key)}
                />
              )}
              {destinations.length < 2 ? null : (
                <Button
                  variant="plain"
                  size="sm"
                  icon={<TimesIcon />}
                  aria-label={`Take ${word} out`}
                  title="Take out"
                  isDisabled={disabled}
                  onClick={() => {
                    const rest = weights.filter((_, k) => k !== i);
                    const next = relative ? rest : toPercent(rest);
                    onWeights(
                      destinations
                        .filter((_, k) => k !== i)
                        .map(({ host, subset, port }, k) => ({ host, subset, port, weight: next[k] ?? 0 })),
                    );
                  }}
                />
              )}
            </span>
          </div>
        );
      })}
      {disabled ? null : (
        <div className={styles['more']}>
          <AddDestination
            targets={missing}
            onAdd={(target) =>
              onWeights([
                ...destinations.map(({ host, subset, port }, i) => ({ host, subset, port, weight: weights[i] ?? 0 })),
                { ...target, port: target.port ?? (target.host === home ? (destinations[0]?.port ?? null) : null), weight: 0 },
              ])
            }
          />
          {destinations.length < 2 ? null : (
            <Button variant="link" isInline size="sm" onClick={toggleRelative}>
              {relative ? 'Work in percent' : 'Work in relative weights'}
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}
