// Expressions that many people need, and those that this reader used last. In: texts. Out: Preset lists. Pure.
import { MAX_FIND_LENGTH } from '../../model/find/parse';

export interface Preset {
  readonly label: string;
  readonly text: string;
}

/** Kiali's, and two more. */
export const FIND_PRESETS: readonly Preset[] = [
  { label: 'Slow edges, over 1 s', text: 'responsetime > 1000' },
  { label: 'What is not healthy', text: '!healthy' },
  { label: 'Unknown nodes', text: 'name = unknown' },
  { label: 'The most connected', text: 'rank <= 2' },
  { label: 'Edges without mutual TLS', text: '!mtls' },
  { label: 'Pods without a proxy', text: 'outofmesh' },
];

export const HIDE_PRESETS: readonly Preset[] = [
  { label: 'All that is healthy', text: 'healthy' },
  { label: 'Unknown nodes', text: 'name = unknown' },
  { label: 'All but the most connected', text: 'rank > 2' },
  { label: 'Fast edges, under 100 ms', text: 'responsetime < 100' },
  { label: 'TCP', text: 'protocol = tcp' },
];

export const MAX_RECENT = 6;

export const encodeRecent = (recent: readonly string[]): string => JSON.stringify(recent);

export function decodeRecent(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value)
      ? value.filter((one): one is string => typeof one === 'string' && one.length <= MAX_FIND_LENGTH).slice(0, MAX_RECENT)
      : null;
  } catch {
    return null;
  }
}

/** The list with this text first, once. */
export const addRecent = (recent: readonly string[], text: string): readonly string[] =>
  text === '' ? recent : [text, ...recent.filter((one) => one !== text)].slice(0, MAX_RECENT);
