// Grouping of rows by labels: by/without and on/ignoring, computed once per row. A poll groups tens of thousands of rows by a
// dozen labels, so the named case hashes cached value hashes and compares strings only with the group it lands in.
// In: label sets and the names of a clause. Out: group numbers; equal numbers belong together. Absent equals empty.
import { KEY_SEPARATOR, Labels, METRIC_NAME } from '../storage/labels';

/** Numbers label sets by the values of some labels, in order of first appearance. */
export class NamedGrouper {
  /** The values that define the groups, one run of sortedNames.length after the other. */
  private readonly groupValues: string[] = [];
  /** Replaced by the equal strings of the label sets themselves, so that later comparisons are of one string with itself. */
  private readonly sortedNames: string[];
  /** Where each name was found last: label sets of one metric mostly have the same names. */
  private readonly guesses: number[];
  private readonly values: string[];
  private readonly firstGroupByHash = new Map<number, number>();
  /** The next group with the same hash, -1 at the end. */
  private readonly nextGroup: number[] = [];

  constructor(names: readonly string[]) {
    this.sortedNames = [...new Set(names)].sort();
    this.guesses = this.sortedNames.map(() => 0);
    this.values = this.sortedNames.map(() => '');
  }

  get size(): number {
    return this.nextGroup.length;
  }

  /** The group of a label set. */
  groupOf(labels: Labels): number {
    const hash = this.readValues(labels);
    const first = this.firstGroupByHash.get(hash);
    for (let group = first ?? -1; group !== -1; group = this.nextGroup[group] ?? -1) if (this.isGroup(group)) return group;
    const added = this.nextGroup.length;
    for (let i = 0; i < this.values.length; i++) this.groupValues.push(this.values[i] ?? '');
    this.nextGroup.push(first ?? -1);
    this.firstGroupByHash.set(hash, added);
    return added;
  }

  /** The named labels of a group. */
  labelsOf(group: number): Labels {
    const from = group * this.sortedNames.length;
    let present = 0;
    for (let i = 0; i < this.sortedNames.length; i++) if (this.groupValues[from + i] !== '') present++;
    if (present === 0) return Labels.empty;
    // Thousands of groups per poll: an array of the right size is never copied.
    const pairs = new Array<string>(present * 2);
    let at = 0;
    for (let i = 0; i < this.sortedNames.length; i++) {
      const value = this.groupValues[from + i] ?? '';
      if (value === '') continue;
      pairs[at++] = this.sortedNames[i] ?? '';
      pairs[at++] = value;
    }
    return new Labels(pairs);
  }

  // Fills `values` and returns their common hash.
  private readValues(labels: Labels): number {
    const { pairs, valueHashes } = labels;
    let hash = 17;
    for (let i = 0; i < this.sortedNames.length; i++) {
      const name = this.sortedNames[i] ?? '';
      let at = this.guesses[i] ?? 0;
      if (pairs[at] !== name) {
        at = 0;
        while (at < pairs.length && (pairs[at] ?? '') < name) at += 2;
        this.guesses[i] = at;
      }
      const found = pairs[at];
      const isPresent = found === name;
      if (isPresent) this.sortedNames[i] = found;
      this.values[i] = isPresent ? (pairs[at + 1] ?? '') : '';
      hash = (Math.imul(hash, 31) + (isPresent ? (valueHashes[at >> 1] ?? 0) : 0)) | 0;
    }
    return hash;
  }

  private isGroup(group: number): boolean {
    const from = group * this.values.length;
    for (let i = 0; i < this.values.length; i++) if (this.groupValues[from + i] !== this.values[i]) return false;
    return true;
  }
}

/** Key of all labels but the named ones and the metric name. */
export function keyOfOthers(labels: Labels, excluded: readonly string[]): string {
  if (excluded.length === 0) return labels.withoutName().key;
  const { pairs } = labels;
  let key = '';
  for (let i = 0; i < pairs.length; i += 2) {
    const name = pairs[i] ?? '';
    if (name !== METRIC_NAME && !excluded.includes(name)) key += name + KEY_SEPARATOR + (pairs[i + 1] ?? '') + KEY_SEPARATOR;
  }
  return key;
}

export interface Groups {
  /** Group number of each row. */
  readonly ofRow: Int32Array;
  /** Labels of each group, in order of first appearance. */
  readonly labels: readonly Labels[];
}

/** Partitions rows by a by(…) or without(…) clause. */
export function groupRows(rows: readonly Labels[], grouping: readonly string[], without: boolean): Groups {
  const ofRow = new Int32Array(rows.length);
  if (!without) {
    const grouper = new NamedGrouper(grouping);
    rows.forEach((row, i) => {
      ofRow[i] = grouper.groupOf(row);
    });
    return { ofRow, labels: Array.from({ length: grouper.size }, (_, group) => grouper.labelsOf(group)) };
  }
  const excluded = [...grouping, METRIC_NAME];
  const labels: Labels[] = [];
  const byKey = new Map<string, number>();
  rows.forEach((row, i) => {
    const key = keyOfOthers(row, grouping);
    let group = byKey.get(key);
    if (group === undefined) {
      group = labels.length;
      byKey.set(key, group);
      labels.push(row.without(excluded));
    }
    ofRow[i] = group;
  });
  return { ofRow, labels };
}
