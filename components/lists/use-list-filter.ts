// The filter of a list as the address holds it. In: the address. Out: the filter, the writers of its parts, the way back to none.
import { useMemo } from 'react';
import { LIST_MODES } from '../../model/list';
import { FINDING_CHOICES, HEALTH_CHOICES, type ListFilter } from '../../model/list-filter';
import { useAddress } from '../ui/use-address';

type Part = 'text' | 'health' | 'mode' | 'kind' | 'cluster' | 'findings';

interface ListFilterState {
  readonly filter: ListFilter;
  readonly write: Readonly<Record<Part, (text: string) => void>>;
  readonly clear: () => void;
}

const among = <T extends string>(choices: readonly T[], text: string): T | null => choices.find((one) => one === text) ?? null;

export function useListFilter(namespaces: readonly string[]): ListFilterState {
  const [text, writeText] = useAddress('text');
  const [health, writeHealth] = useAddress('health');
  const [mode, writeMode] = useAddress('mode');
  const [kind, writeKind] = useAddress('kind');
  const [cluster, writeCluster] = useAddress('cluster');
  const [findings, writeFindings] = useAddress('findings');
  return useMemo(() => {
    const write = {
      text: writeText,
      health: writeHealth,
      mode: writeMode,
      kind: writeKind,
      cluster: writeCluster,
      findings: writeFindings,
    };
    return {
      filter: {
        text,
        health: among(HEALTH_CHOICES, health),
        mode: among(LIST_MODES, mode),
        kind: kind === '' ? null : kind,
        cluster: cluster === '' ? null : cluster,
        findings: among(FINDING_CHOICES, findings),
        namespaces,
      },
      write,
      clear: () => {
        for (const part of Object.values(write)) part('');
      },
    };
  }, [text, health, mode, kind, cluster, findings, namespaces, writeText, writeHealth, writeMode, writeKind, writeCluster, writeFindings]);
}
