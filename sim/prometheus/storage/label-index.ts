// The inverted index: label name -> value -> the series that carry it, in creation order.
// In: labels of new and dead series, matchers. Out: the references that match.
import type { Labels } from './labels';
import type { Matcher } from './matcher';

type Postings = Map<string, number[]>;

export class LabelIndex {
  private readonly postingsByName = new Map<string, Postings>();
  private everyRef: number[] = [];

  add(ref: number, labels: Labels): void {
    this.everyRef.push(ref);
    for (let i = 0; i < labels.pairs.length; i += 2) {
      const name = labels.pairs[i] ?? '';
      const value = labels.pairs[i + 1] ?? '';
      let postings = this.postingsByName.get(name);
      if (postings === undefined) {
        postings = new Map();
        this.postingsByName.set(name, postings);
      }
      const refs = postings.get(value);
      if (refs === undefined) postings.set(value, [ref]);
      else refs.push(ref);
    }
  }

  /** Forgets dead series; names and values that nobody carries any more disappear. */
  remove(deadRefs: ReadonlySet<number>): void {
    if (deadRefs.size === 0) return;
    this.everyRef = this.everyRef.filter((ref) => !deadRefs.has(ref));
    for (const [name, postings] of this.postingsByName) {
      for (const [value, refs] of postings) {
        const alive = refs.filter((ref) => !deadRefs.has(ref));
        if (alive.length === 0) postings.delete(value);
        else if (alive.length < refs.length) postings.set(value, alive);
      }
      if (postings.size === 0) this.postingsByName.delete(name);
    }
  }

  names(): string[] {
    return [...this.postingsByName.keys()].sort();
  }

  valuesOf(name: string): string[] {
    return [...(this.postingsByName.get(name)?.keys() ?? [])].sort();
  }

  /**
   * References of the series that satisfy every matcher, in creation order.
   * The rarest matcher names the candidates; the others are tested on the candidates' labels.
   */
  select(matchers: readonly Matcher[], labelsOf: (ref: number) => Labels | undefined): number[] {
    let candidates: readonly (readonly number[])[] | undefined;
    let candidateCount = Number.POSITIVE_INFINITY;
    let chosen: Matcher | undefined;
    for (const matcher of matchers) {
      // A matcher that accepts '' also accepts series without the label, so its postings are not complete.
      if (matcher.matches('')) continue;
      const lists = this.postingsOf(matcher);
      const count = lists.reduce((sum, list) => sum + list.length, 0);
      if (count < candidateCount) {
        candidates = lists;
        candidateCount = count;
        chosen = matcher;
      }
    }
    const rest = matchers.filter((matcher) => matcher !== chosen);
    const lists = candidates ?? [this.everyRef];
    const selected: number[] = [];
    for (const list of lists) {
      for (const ref of list) {
        const labels = labelsOf(ref);
        if (labels !== undefined && rest.every((matcher) => matcher.matches(labels.value(matcher.name)))) selected.push(ref);
      }
    }
    return lists.length > 1 ? selected.sort((a, b) => a - b) : selected;
  }

  private postingsOf(matcher: Matcher): readonly (readonly number[])[] {
    const postings = this.postingsByName.get(matcher.name);
    if (postings === undefined) return [];
    if (matcher.operator === '=') {
      const refs = postings.get(matcher.operand);
      return refs === undefined ? [] : [refs];
    }
    const lists: (readonly number[])[] = [];
    for (const [value, refs] of postings) if (matcher.matches(value)) lists.push(refs);
    return lists;
  }
}
