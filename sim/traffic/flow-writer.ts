// Attempts of one call -> flows, visits and answers. In: attempts with their final shares. Out: CallPlan.
import { hashText } from '../world/random';
import type { Attempt } from './attempt';
import type { Request } from './destination';
import { buildLabels, type Flow, type Report, UNKNOWN_IDENTITY } from './flow';
import type { Answer } from './outcome';
import type { CallPlan, PlannedFlow, Served } from './plan';

/** Who reports an attempt: `both` proxies, or only the `server`'s (tries that were retried, shadow requests). */
export type Reporting = 'both' | 'server';

const SMALLEST_SHARE = 1e-7;

export class FlowWriter {
  private readonly request: Request;
  private readonly key: string;
  private readonly authority: string;
  private readonly flows: PlannedFlow[] = [];
  private readonly visits: { readonly served: Served; readonly perCall: number }[] = [];
  private readonly answers: Answer[] = [];
  private readonly used = new Map<string, number>();

  /** `key` names the call among all calls, and stays the same from plan to plan. */
  constructor(request: Request, key: string, authority: string) {
    this.request = request;
    this.key = key;
    this.authority = authority;
  }

  /** Adds an attempt whose share is its expected number per call. */
  put(attempt: Attempt, reporting: Reporting, authoritySuffix = ''): void {
    if (attempt.share < SMALLEST_SHARE) return;
    if (reporting === 'both')
      this.answers.push({
        share: attempt.share,
        ok: attempt.ok,
        code: attempt.ending.code,
        grpcStatus: attempt.ending.grpcStatus,
        latency: attempt.latency,
      });
    if (attempt.served) this.visits.push({ served: attempt.served, perCall: attempt.share });
    const source = reporting === 'both' ? this.sourceReport(attempt) : null;
    const destination = this.destinationReport(attempt);
    if (source === null && destination === null && attempt.to === null) return;
    this.flows.push({ flow: this.buildFlow(attempt, source, destination, reporting, authoritySuffix), perCall: attempt.share });
  }

  finish(): CallPlan {
    return { flows: this.flows, visits: this.visits, answers: this.answers };
  }

  private sourceReport(attempt: Attempt): Report | null {
    const { caller, call } = this.request;
    if (!caller.meshed) return null;
    return {
      ...buildLabels('source', caller.identity, attempt.peer, attempt.service, call.protocol, attempt.ending, attempt.secured),
      ending: attempt.ending,
      latency: attempt.latency,
      timed: attempt.timed,
    };
  }

  private destinationReport(attempt: Attempt): Report | null {
    const { caller, call } = this.request;
    const { server, to } = attempt;
    if (!server || !to?.meshed) return null;
    // HTTP proxies tell each other who they are in headers; over TCP they do so in the TLS handshake's protocol only.
    const known = caller.meshed && (attempt.secured || call.protocol !== 'tcp');
    const source = known ? caller.identity : UNKNOWN_IDENTITY;
    return {
      ...buildLabels('destination', source, to.identity, attempt.serverService, call.protocol, server.ending, attempt.secured),
      ending: server.ending,
      latency: server.latency,
      timed: server.timed,
    };
  }

  private buildFlow(attempt: Attempt, source: Report | null, destination: Report | null, reporting: Reporting, suffix: string): Flow {
    const { caller, call, headers, path } = this.request;
    const { ending } = attempt;
    const base = `${this.key}>${attempt.to?.id ?? attempt.service.host}|${attempt.cluster}|${ending.code}|${ending.grpcStatus ?? ''}|${ending.flags}|${reporting}${suffix}`;
    const n = this.used.get(base) ?? 0;
    this.used.set(base, n + 1);
    return {
      key: n === 0 ? base : `${base}#${n}`,
      protocol: call.protocol,
      from: caller,
      to: attempt.to,
      source,
      destination,
      request: {
        method: call.method,
        path,
        originalPath: call.path,
        authority: this.authority + suffix,
        userAgent: headers['user-agent'] ?? '-',
        details: attempt.details,
        upstreamCluster: attempt.cluster,
        upstreamPort: attempt.port,
        routeName: 'default',
      },
      requestBytes: attempt.requestBytes,
      responseBytes: attempt.responseBytes,
      commandsPerConnection: attempt.ok ? 400 : 1,
      noiseKey: hashText(attempt.service.host),
    };
  }
}
