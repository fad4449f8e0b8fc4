// Label sets: selection and identity. In: labels. Out: whether one set selects another; a stable key of a set.
import { memoByObject } from './memo';

export type Labels = Readonly<Record<string, string>>;

/** True when every label of the selector is on the object; an empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const name in selector) if (labels[name] !== selector[name]) return false;
  return true;
}

export const isEmpty = (labels: Labels): boolean => {
  for (const _ in labels) return false;
  return true;
};

/** Equal for equal label sets. */
export const labelsKey: (labels: Labels) => string = memoByObject((labels) =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name] ?? ''}`)
    .join(','),
);

/** Values by namespace and label set: found by identity of the label object, else by its content. */
export class LabelTable<V extends object> {
  private readonly byObject = new WeakMap<Labels, { readonly namespace: string; readonly value: V }>();
  private readonly byContent = new Map<string, V>();

  /** The value of a namespace and label set, computed on first use. */
  remember(namespace: string, labels: Labels, compute: () => V): V {
    const hit = this.byObject.get(labels);
    if (hit?.namespace === namespace) return hit.value;
    const key = `${namespace}|${labelsKey(labels)}`;
    const value = this.byContent.get(key) ?? compute();
    this.byContent.set(key, value);
    this.byObject.set(labels, { namespace, value });
    return value;
  }
}
