// The words of the lists. In: kinds, modes, rows. Out: texts. Pure.
import type { EntityKind } from '../../model/entity';
import { LIST_MODES, type ListMode, type ListRow } from '../../model/list';
import { HEALTH_CHOICES, type HealthChoice, type ListChoices } from '../../model/list-filter';
import { HEALTH_WORDS, wordHealthReason } from '../ui/health-words';
import { MODE_WORDS } from '../ui/node-words';

export const LIST_TITLES: Readonly<Record<EntityKind, string>> = {
  namespace: 'Namespaces',
  app: 'Applications',
  workload: 'Workloads',
  service: 'Services',
};
export const LIST_NOUNS: Readonly<Record<EntityKind, string>> = {
  namespace: 'namespace',
  app: 'application',
  workload: 'workload',
  service: 'service',
};

export const wordMode = (mode: ListMode): string => (mode === 'mixed' ? 'Mixed' : MODE_WORDS[mode]);

/** "Sidecar", "Sidecar, 1 pod without": how it takes part. */
export function wordRowMode({ mode, unmeshedPods }: Pick<ListRow, 'mode' | 'unmeshedPods'>): string | null {
  if (mode === null) return null;
  return unmeshedPods === 0 ? wordMode(mode) : `${wordMode(mode)}, ${unmeshedPods} ${unmeshedPods === 1 ? 'pod' : 'pods'} without`;
}

/** "reviews-v3: 33 % of inbound HTTP requests ended with a 5xx code (10 % or more is too many)." */
export function wordReason({ reason, reasonOf }: Pick<ListRow, 'reason' | 'reasonOf'>): string | null {
  if (reason === null) return null;
  const words = wordHealthReason(reason);
  return reasonOf === null || words.startsWith(`${reasonOf}:`) ? words : `${reasonOf}: ${words}`;
}

const wordHealthChoice = (health: HealthChoice): string => (health === 'unhealthy' ? 'Not healthy' : HEALTH_WORDS[health]);

type Choices<T extends string> = readonly { readonly value: T | ''; readonly label: string }[];

export const HEALTH_OPTIONS: Choices<HealthChoice> = [
  { value: '', label: 'Any health' },
  ...HEALTH_CHOICES.map((value) => ({ value, label: wordHealthChoice(value) })),
];

/** Modes that occur, and the one that is chosen. */
export const modeOptions = ({ modes }: Pick<ListChoices, 'modes'>, chosen: ListMode | null): Choices<ListMode> => [
  { value: '', label: 'Any mode' },
  ...LIST_MODES.filter((mode) => modes.has(mode) || mode === chosen).map((value) => ({
    value,
    label: `${wordMode(value)} (${modes.get(value) ?? 0})`,
  })),
];

/** Counted texts, and the one that is chosen even if it does not occur. */
export const countedOptions = (any: string, counts: readonly (readonly [string, number])[], chosen: string): Choices<string> => [
  { value: '', label: any },
  ...counts.map(([value, count]) => ({ value, label: `${value} (${count})` })),
  ...(chosen === '' || counts.some(([value]) => value === chosen) ? [] : [{ value: chosen, label: `${chosen} (0)` }]),
];
