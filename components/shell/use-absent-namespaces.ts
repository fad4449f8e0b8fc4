// Which of the chosen namespaces there are not, as far as the reader may know. In: names of the address. Out: those names; none while it is not known.
import { useMemo } from 'react';
import { useNamespaces } from './shell-context';

export function useAbsentNamespaces(chosen: readonly string[]): readonly string[] {
  const { data } = useNamespaces();
  return useMemo(() => {
    if (data === null) return [];
    const known = new Set(data.namespaces.map(({ name }) => name));
    return chosen.filter((name) => !known.has(name));
  }, [data, chosen]);
}
