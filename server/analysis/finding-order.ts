// The order in which findings are told, and lists that are brought into it in steps. In: findings. Out: findings, sorted.
import { FINDING_SEVERITIES, type Finding } from '../../model/finding';
import { remember } from '../istio/memo';

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Paths by their numbers: http[2] before http[10]. */
const comparePath = (a: string, b: string): number => (a === b ? 0 : compareText(paddedPath(a), paddedPath(b)));
const paddedPath = (path: string): string => path.replace(/\d+/g, (digits) => digits.padStart(6, '0'));

/** Worst first, then by object, place, code, words. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    FINDING_SEVERITIES.indexOf(a.severity) - FINDING_SEVERITIES.indexOf(b.severity) ||
    compareText(a.object.namespace, b.object.namespace) ||
    compareText(a.object.kind, b.object.kind) ||
    compareText(a.object.name, b.object.name) ||
    comparePath(a.path, b.path) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** Items with a finding each; filed by what is compared first, so that no sort is a large one. */
export class FindingList<T> {
  readonly #findingOf: (item: T) => Finding;
  /** By severity, then namespace, then kind. */
  readonly #filed = new Map<string, Map<string, Map<string, T[]>>>();

  constructor(findingOf: (item: T) => Finding) {
    this.#findingOf = findingOf;
  }

  add(item: T): void {
    const { severity, object } = this.#findingOf(item);
    const byNamespace = remember(this.#filed, severity, () => new Map<string, Map<string, T[]>>());
    const byKind = remember(byNamespace, object.namespace, () => new Map<string, T[]>());
    remember(byKind, object.kind, (): T[] => []).push(item);
  }

  /** All of them by `compareFindings`. */
  *sort(): Generator<void, readonly T[]> {
    const sorted: T[] = [];
    for (const severity of FINDING_SEVERITIES)
      for (const [, byKind] of inOrder(this.#filed.get(severity)))
        for (const [, items] of inOrder(byKind)) {
          items.sort((a, b) => compareFindings(this.#findingOf(a), this.#findingOf(b)));
          for (const item of items) sorted.push(item);
          yield;
        }
    return sorted;
  }
}

const inOrder = <V>(map: ReadonlyMap<string, V> | undefined): readonly (readonly [string, V])[] =>
  [...(map ?? [])].sort(([a], [b]) => compareText(a, b));
