'use client';
// The blast radius: every observed caller of the touched hosts, from where to where its requests go. In: effects. Out: a table.
import ArrowRightIcon from '@patternfly/react-icons/dist/esm/icons/arrow-right-icon';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import QuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import type { ReactNode } from 'react';
import type { EdgeEffect, EffectKind, EffectShare } from '../../model/change';
import { SimpleTable } from '../ui/simple-table';
import { EFFECT_ORDER, EFFECT_WORDS, wordAmount, wordShare } from './change-words';
import styles from './effects.module.css';
import { shortHost, wordDuration } from './rule-words';

const ICONS = {
  kept: CheckIcon,
  moves: ArrowRightIcon,
  slower: ClockIcon,
  fails: ExclamationCircleIcon,
  cut: BanIcon,
  unknown: QuestionCircleIcon,
} as const;

/** Icon and word. */
export function EffectMark({ kind }: { readonly kind: EffectKind }): ReactNode {
  const Icon = ICONS[kind];
  return (
    <span className={`${styles['mark']} ${styles[kind]}`}>
      <Icon aria-hidden />
      {EFFECT_WORDS[kind]}
    </span>
  );
}

function Shares({ shares, protocol }: { readonly shares: readonly EffectShare[]; readonly protocol: EdgeEffect['protocol'] }): ReactNode {
  if (shares.length === 0) return <span className={styles['subtle']}>nowhere</span>;
  return (
    <ul className={styles['shares']}>
      {shares.map((share) => (
        <li key={`${share.host} ${share.subset ?? ''} ${share.workloads.join()}`}>
          <span className={styles['name']}>{wordShare(share)}</span>{' '}
          <span className={styles['amount']}>{wordAmount(share.requestsPerSecond, protocol)}</span>
        </li>
      ))}
    </ul>
  );
}

/** "2 rps move, 1 rps fail". */
function wordAmounts(effect: EdgeEffect): string {
  const { protocol, movedPerSecond, failingPerSecond, delayed } = effect;
  const parts = [
    ...(movedPerSecond > 0 ? [`${wordAmount(movedPerSecond, protocol)} move`] : []),
    ...(failingPerSecond > 0 ? [`${wordAmount(failingPerSecond, protocol)} fail`] : []),
    ...(delayed === null ? [] : [`${wordAmount(delayed.requestsPerSecond, protocol)} take ${wordDuration(delayed.milliseconds)} longer`]),
  ];
  return parts.join(', ');
}

export function EffectTable({ effects }: { readonly effects: readonly EdgeEffect[] }): ReactNode {
  const sorted = [...effects].sort(
    (a, b) => EFFECT_ORDER.indexOf(a.kind) - EFFECT_ORDER.indexOf(b.kind) || b.requestsPerSecond - a.requestsPerSecond,
  );
  return (
    <SimpleTable
      name="Callers and what becomes of their requests"
      heads={['Caller', 'Outcome', 'From', 'To', 'Why']}
      className={styles['table']}
    >
      {sorted.map((effect) => (
        <tr key={`${effect.source.cluster}/${effect.source.namespace}/${effect.source.workload} ${effect.host} ${effect.protocol}`}>
          <th scope="row">
            <span className={styles['name']}>{effect.source.workload}</span>
            <span className={styles['subtle']}>
              {effect.source.namespace} → {shortHost(effect.host)}, {wordAmount(effect.requestsPerSecond, effect.protocol)}
            </span>
          </th>
          <td data-label="Outcome">
            <EffectMark kind={effect.kind} />
            <span className={styles['subtle']}>{wordAmounts(effect)}</span>
          </td>
          <td data-label="From">
            <Shares shares={effect.before} protocol={effect.protocol} />
          </td>
          <td data-label="To">
            <Shares shares={effect.after} protocol={effect.protocol} />
          </td>
          <td data-label="Why" className={styles['why']}>
            {effect.why}
          </td>
        </tr>
      ))}
    </SimpleTable>
  );
}
