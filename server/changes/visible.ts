// What somebody is told of changes and cases: those on objects that he may see, with what lies elsewhere left out. Pure.
// In: Sight, records. Out: records or nothing.
import type { Sight } from '../../model/account';
import type { ChangeRecord, TrafficMeasure } from '../../model/change';
import type { SavedCase } from '../../model/steering';
import type { ChangeSeat } from './context';

/** Namespace of a host of the cluster; null for any other. */
const namespaceOf = (host: string): string | null => /^[^.]+\.([^.]+)\.svc(?:\.|$)/.exec(host)?.[1] ?? null;

function seesHost(sight: Sight, host: string): boolean {
  const namespace = namespaceOf(host);
  return sight === null || namespace === null || sight.includes(namespace);
}

const cutMeasure = (measure: TrafficMeasure, sight: Sight): TrafficMeasure => ({
  ...measure,
  byDestination: measure.byDestination.filter(({ host }) => seesHost(sight, host)),
});

/** The record as its reader may see it; null where it touches an object that he may not. */
export function cutRecord(record: ChangeRecord, sight: Sight): ChangeRecord | null {
  if (sight === null) return record;
  if (record.steps.some(({ ref }) => !sight.includes(ref.namespace))) return null;
  return {
    ...record,
    hosts: record.hosts.filter((host) => seesHost(sight, host)),
    acceptedFindings: record.acceptedFindings.filter(({ object }) => sight.includes(object.namespace)),
    before: record.before === null ? null : cutMeasure(record.before, sight),
    after: record.after === null ? null : cutMeasure(record.after, sight),
    measures: record.measures.map((measure) => cutMeasure(measure, sight)),
  };
}

/** Whether somebody sees who asks and what is asked for. */
export const seesCase = ({ access: { sight } }: Pick<ChangeSeat, 'access'>, { question: { source, host } }: SavedCase): boolean =>
  (sight === null || sight.includes(source.namespace)) && seesHost(sight, host);
