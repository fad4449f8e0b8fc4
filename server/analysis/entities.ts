// What is wrong with namespaces, services and workloads, beside their configuration. In: MeshIndex. Out: EntityFindings, worst first.
import { type EntityFinding, FINDING_SEVERITIES } from '../../model/finding';
import { type SteppedTable, tableInSteps } from '../istio/mesh-index';
import { CATALOGUE, type CatalogueEntry } from './catalogue';
import type { EntityRule } from './entity-rule';
import { dataPlaneModes } from './entity-rules/data-plane-modes';
import { policyWithoutWaypoint } from './entity-rules/policy-without-waypoint';
import { waypointUse } from './entity-rules/waypoint-use';
import { workloadPods } from './workload-pods';

export const ENTITY_RULES: readonly EntityRule[] = [dataPlaneModes, waypointUse, policyWithoutWaypoint];

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const order = (a: EntityFinding, b: EntityFinding): number =>
  FINDING_SEVERITIES.indexOf(a.severity) - FINDING_SEVERITIES.indexOf(b.severity) ||
  compareText(a.entity.namespace, b.entity.namespace) ||
  compareText(a.entity.kind, b.entity.kind) ||
  compareText(a.entity.name, b.entity.name) ||
  compareText(a.code, b.code);

/** Computed once per mesh, at once or in steps. */
export const analyseEntities: SteppedTable<readonly EntityFinding[]> = tableInSteps(function* (index) {
  yield* workloadPods.prepare(index);
  const found: EntityFinding[] = [];
  for (const rule of ENTITY_RULES)
    for (const report of rule.check(index)) {
      yield;
      if (report === null) continue;
      const { code, entity, message, consequence, severity } = report;
      const entry: CatalogueEntry = CATALOGUE[code];
      found.push({ code, severity: severity ?? entry.severity, entity, message, consequence });
    }
  return found.sort(order);
});
