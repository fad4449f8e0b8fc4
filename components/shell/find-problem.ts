// Why there is no graph to draw, when somebody says why. In: the live store's state. Out: a problem to show in its place. Pure.
import type { GraphState } from '../live/graph-store';
import type { LiveProblem } from '../live/stream-event';

/** Why there is nothing to draw: the problem of the page, else the cause that a data source gives while it never had data. */
export function findProblem(state: GraphState): LiveProblem | null {
  if (state.document === null) return state.problem;
  if (state.document.nodes.length > 0) return null;
  const { metrics, cluster } = state.freshness ?? state.document.freshness;
  if (metrics.state === 'waiting' && metrics.cause !== null)
    return {
      title: 'There are no metrics yet',
      detail: metrics.cause,
      next: metrics.next ?? 'Check the address of Prometheus in the configuration of the console.',
    };
  if (cluster.state === 'waiting' && cluster.cause !== null)
    return {
      title: 'There is nothing from the Kubernetes API yet',
      detail: cluster.cause,
      next: cluster.next ?? 'Check the credentials of the console.',
    };
  return null;
}
