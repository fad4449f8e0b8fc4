// Where the requests of a rule end up, in shares: pods by workload, faults, missing destinations, answers of the proxy itself.
// In: MeshIndex, Outcome. Out: Reach. A destination's share is spread over its workloads by their ready pods.
import type { RouteDestination } from '../../model/routing';
import type { Outcome } from '../istio/http-action';
import type { MeshIndex } from '../istio/mesh-index';
import { countByWorkload, podNamed } from './backing';

/** One workload's part of a destination. */
export interface Spread {
  readonly host: string;
  readonly subset: string | null;
  readonly port: number;
  /** Null: what stands behind the host is no pod of this cluster. */
  readonly workload: string | null;
  /** `namespace/name` of one of its ready pods. */
  readonly pod: string | null;
  /** Of all requests of the rule, 0..1; aborted ones do not come here. */
  readonly share: number;
}

export interface Reach {
  readonly spreads: readonly Spread[];
  /** Share that a fault, a missing or empty destination or a lack of routes answers with an error. */
  readonly failing: number;
  /** Share that the proxy itself answers without error (redirects, direct responses). */
  readonly answered: number;
  readonly delay: { readonly milliseconds: number; readonly share: number } | null;
  /** Equal where requests end up equally: destinations, workloads, faults. */
  readonly routeKey: string;
  /** The same without regard to ports. */
  readonly shapeKey: string;
  /** What else the rule does: timeout, changes of path, host and headers, mirrors. */
  readonly timeoutMs: number | null;
  readonly rewriteKey: string;
  readonly mirrorKey: string;
}

const clamp = (percent: number): number => Math.min(1, Math.max(0, percent / 100));

function spreadsOf(index: MeshIndex, destination: RouteDestination, factor: number): readonly Spread[] {
  const { host, subset, port, endpoints, state } = destination;
  const share = destination.share * factor;
  if (state !== 'ok' || share === 0) return [];
  const pods = (endpoints ?? []).flatMap((name) => podNamed(index, name) ?? []);
  if (pods.length === 0) return [{ host, subset, port, workload: null, pod: null, share }];
  return [...countByWorkload(pods)].map(([workload, count]) => {
    const pod = pods.find((each) => each.workload?.endsWith(`/${workload}`) ?? each.name === workload) ?? pods[0];
    return {
      host,
      subset,
      port,
      workload,
      pod: pod === undefined ? null : `${pod.namespace}/${pod.name}`,
      share: (share * count) / pods.length,
    };
  });
}

/** Where requests end up by an outcome. */
export function reachOf(index: MeshIndex, outcome: Outcome): Reach {
  switch (outcome.outcome) {
    case 'route': {
      const { destinations, fault, headers, mirrors, rewrite, timeoutMs } = outcome;
      const aborted = clamp(fault?.abort?.percent ?? 0);
      const delayed = clamp(fault?.delay?.percent ?? 0);
      const lost = destinations.reduce((sum, { state, share }) => sum + (state === 'ok' ? 0 : share), 0);
      return finish({
        spreads: destinations.flatMap((destination) => spreadsOf(index, destination, 1 - aborted)),
        failing: aborted + (1 - aborted) * lost,
        answered: 0,
        delay: fault?.delay && delayed > 0 ? { milliseconds: fault.delay.milliseconds, share: delayed } : null,
        timeoutMs,
        rewriteKey: JSON.stringify([
          rewrite,
          headers ?? null,
          destinations.flatMap(({ clusterName, headers: own }) => (own === undefined ? [] : [[clusterName, own]])),
        ]),
        mirrorKey: JSON.stringify(mirrors.map(({ destination, percent }) => [destination.clusterName, percent])),
        how: aborted > 0 ? [fault?.abort?.httpStatus ?? fault?.abort?.grpcStatus] : [],
      });
    }
    case 'redirect':
      return bare({ failing: 0, answered: 1, how: ['redirect', outcome.status, outcome.location] });
    case 'directResponse': {
      const fails = outcome.status >= 400;
      return bare({ failing: fails ? 1 : 0, answered: fails ? 0 : 1, how: ['direct', outcome.status] });
    }
    case 'passthrough':
      return bare({ failing: 0, answered: 0, how: ['passthrough'] });
    case 'blackHole':
      return bare({ failing: 1, answered: 0, how: ['blackHole'] });
    case 'noRoute':
      return bare({ failing: 1, answered: 0, how: ['noRoute', outcome.status] });
  }
}

type Parts = Omit<Reach, 'routeKey' | 'shapeKey'> & { readonly how: readonly unknown[] };

const bare = ({ failing, answered, how }: Pick<Parts, 'failing' | 'answered' | 'how'>): Reach =>
  finish({ spreads: [], failing, answered, delay: null, timeoutMs: null, rewriteKey: '', mirrorKey: '[]', how });

function finish({ how, ...parts }: Parts): Reach {
  const rest = [Number(parts.failing.toFixed(9)), parts.delay, how];
  return {
    ...parts,
    // The same workloads in the same shares are the same route, by whatever subset they are reached.
    routeKey: JSON.stringify([sumShares(parts.spreads, ({ host, port, workload }) => JSON.stringify([host, port, workload])), rest]),
    shapeKey: JSON.stringify([sumShares(parts.spreads, ({ host, workload }) => JSON.stringify([host, workload])), rest]),
  };
}

function sumShares(spreads: readonly Spread[], keyOf: (spread: Spread) => string): readonly unknown[] {
  const sums = new Map<string, number>();
  for (const spread of spreads) {
    const key = keyOf(spread);
    sums.set(key, (sums.get(key) ?? 0) + spread.share);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, share]) => [key, Number(share.toFixed(6))]);
}
