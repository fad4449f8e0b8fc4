// What an expression needs to find anything: data that the server collects on demand, and elements that are shown on demand.
// In: Expression, the overlays of a view. Out: overlays to add, options to switch on. Pure.
import { type Condition, listConditions } from './expression';
import { type FindNeed, type FindOverlay, operandOf } from './operands';
import type { FindQuery } from './query';

export interface Needs {
  /** Sorted; without those that the view has. */
  readonly overlays: readonly FindOverlay[];
  readonly options: ReadonlySet<FindNeed>;
}

const NO_NEEDS: Needs = { overlays: [], options: new Set() };

export function listNeeds(query: FindQuery, present: readonly string[]): Needs {
  if (query.kind !== 'expression') return NO_NEEDS;
  const options = new Set<FindNeed>();
  const overlays = new Set<FindOverlay>();
  for (const condition of listConditions(query.expression)) {
    for (const option of optionsOf(condition)) options.add(option);
    const operand = condition.kind === 'number' ? operandOf(condition.operand) : null;
    if (operand?.takes === 'number' && operand.overlay !== undefined) overlays.add(operand.overlay);
  }
  // As in Kiali: P95 unless some response time is shown already; bytes of requests unless some throughput is.
  if (options.has('responseTime') && !present.includes('latency') && !present.includes('quantiles')) overlays.add('quantiles');
  if (options.has('throughput') && !present.includes('throughput') && !present.includes('requestThroughput'))
    overlays.add('requestThroughput');
  return { overlays: [...overlays].filter((overlay) => !present.includes(overlay)).sort(), options };
}

function optionsOf(condition: Condition): readonly FindNeed[] {
  if (condition.kind === 'label') return [];
  if (condition.kind === 'text' && condition.operand === 'node') {
    if (condition.value === 'operation') return ['operationNodes'];
    return condition.value === 'service' ? ['serviceNodes'] : [];
  }
  const need = operandOf(condition.operand)?.need;
  if (need === undefined) return [];
  return condition.operand === 'idle' ? ['idleNodes', 'idleEdges'] : [need];
}

/** True where a graph alone cannot answer: labels and identities are known to the server only. */
export const asksServer = (query: FindQuery): boolean =>
  query.kind === 'expression' &&
  listConditions(query.expression).some(
    (condition) => condition.kind === 'label' || condition.operand === 'sourceprincipal' || condition.operand === 'destprincipal',
  );
