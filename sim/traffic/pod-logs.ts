// Logs of the pods for the API server: start-up lines, then lines that agree with the traffic; follows it tick by tick.
// In: LogRequest, TrafficEngine. Out: lines. Only the last ticks are remembered, as a node keeps only the last files.

import { isRecord, listOf, textOf, valueAt } from '../kubernetes/json';
import type { LogRequest } from '../kubernetes/server';
import type { ObjectStore } from '../kubernetes/store';
import type { WorldPod } from '../world/inventory';
import { ISTIO_VERSION } from '../world/world';
import { type LogLine, writeAccessLog, writeApplicationLog } from './access-log';
import { type ChattyOptions, readChatty } from './chatty-log';
import type { TrafficEngine } from './engine';
import type { RememberedTick } from './traffic-memory';

function startLines(pod: WorldPod, container: string): readonly LogLine[] {
  const at = pod.createdAtMs;
  const line = (afterMs: number, text: (stamp: string) => string): LogLine => ({
    atMs: at + afterMs,
    text: text(new Date(at + afterMs).toISOString().replace('Z', '000Z')),
  });
  if (container === 'istio-proxy')
    return [
      line(1500, (t) => `${t}\tinfo\tIstio Version:\t${ISTIO_VERSION}`),
      line(
        1510,
        (t) => `${t}\tinfo\tProxy role\tips=[${pod.ip}] type=${pod.gateway ? 'router' : 'sidecar'} id=${pod.name}.${pod.namespace}`,
      ),
      line(1600, (t) => `${t}\tinfo\tcache\tgenerated new workload certificate\tresourceName=default latency=61ms ttl=23h59m59s`),
      line(1900, (t) => `${t}\tinfo\txdsproxy\tconnected to delta upstream XDS server: istiod.istio-system.svc:15012`),
      line(2400, (t) => `${t}\tinfo\tReadiness succeeded in 912ms`),
      line(2410, (t) => `${t}\tinfo\tEnvoy proxy is ready`),
    ];
  if (container === 'discovery')
    return [
      line(900, (t) => `${t}\tinfo\tinitializing Istiod admin server`),
      line(1200, (t) => `${t}\tinfo\tstarting HTTP service at [::]:8080`),
      line(1500, (t) => `${t}\tinfo\tistiod\tStarting Istiod Server with primary cluster Kubernetes`),
      line(2100, (t) => `${t}\tinfo\tads\tAll caches have been synced up in 614ms, marking server ready`),
    ];
  return [
    line(1200, (t) => `${t} INFO starting ${container}`),
    line(1900, (t) => `${t} INFO listening on ${pod.ports.map((p) => p.port).join(', ') || 'no port'}`),
  ];
}

/** What a container wrote before its last restart. */
function lastWords(pod: WorldPod, container: string): readonly LogLine[] {
  const at = pod.createdAtMs + 60_000;
  return [
    { atMs: at, text: `${new Date(at).toISOString()} INFO ${container} is being stopped` },
    { atMs: at + 40, text: `${new Date(at + 40).toISOString()} FATAL out of memory: the limit of the container is reached` },
  ];
}

/** The last words of a program that has ended, with its exit code. */
function endLines(container: string, exitCode: number, atMs: number): readonly LogLine[] {
  const line = (afterMs: number, text: string): LogLine => ({
    atMs: atMs + afterMs,
    text: `${new Date(atMs + afterMs).toISOString()} ${text}`,
  });
  return exitCode === 0
    ? [line(0, `INFO ${container} begins`), line(140, 'INFO 42 records were copied'), line(150, `INFO ${container} is done`)]
    : [line(0, `INFO ${container} begins`), line(120, 'ERROR the database refused the password'), line(130, `FATAL exit code ${exitCode}`)];
}

/** Reads logs out of the engine's memory. */
export class PodLogs {
  private readonly store: Pick<ObjectStore, 'read'>;
  private readonly engine: TrafficEngine;
  private readonly now: () => number;
  private readonly chatty: ChattyOptions | null;

  constructor(store: Pick<ObjectStore, 'read'>, engine: TrafficEngine, now: () => number, chatty: ChattyOptions | null = null) {
    this.store = store;
    this.engine = engine;
    this.now = now;
    this.chatty = chatty;
  }

  /** Lines of a container, honouring the request's limits; with `follow` it goes on until the signal aborts. */
  async *read(request: LogRequest): AsyncIterable<string> {
    const ended = this.linesOfEnded(request);
    if (ended !== null) {
      for (const line of ended) yield render(line, request.timestamps);
      return;
    }
    const pod = this.findPod(request);
    if (!pod) return;
    if (request.previous) {
      for (const line of lastWords(pod, request.container)) yield render(line, request.timestamps);
      return;
    }
    if (this.chatty !== null && this.isChatty(request, this.chatty)) {
      yield* readChatty(request, this.chatty.linesPerSecond, Math.max(this.firstInstant(request), 0), this.now);
      return;
    }
    const fromMs = this.firstInstant(request);
    const known = this.engine.memory.since(Number.NEGATIVE_INFINITY);
    for (const line of this.past(known, pod, request, fromMs)) yield render(line, request.timestamps);
    let seenMs = known[known.length - 1]?.toMs ?? Number.NEGATIVE_INFINITY;
    while (request.follow && !request.signal.aborted) {
      await this.engine.memory.waitForTick(request.signal);
      const fresh = this.engine.memory.since(seenMs);
      seenMs = fresh[fresh.length - 1]?.toMs ?? seenMs;
      for (const line of this.linesOf(fresh, pod, request.container)) yield render(line, request.timestamps);
      // The container ends with its pod.
      if (!this.findPod(request)) return;
    }
  }

  /** Of a container whose program has ended, for good or until it is started again; null for those that run. */
  private linesOfEnded(request: LogRequest): readonly LogLine[] | null {
    const pod = this.store.read('pods', request.namespace, request.pod);
    const status = listOf(valueAt(pod, 'status', 'containerStatuses'))
      .filter(isRecord)
      .find(({ name }) => name === request.container);
    const isWaiting = valueAt(status, 'state', 'waiting') !== undefined;
    const ended = valueAt(status, isWaiting || request.previous ? 'lastState' : 'state', 'terminated');
    const exitCode = valueAt(ended, 'exitCode');
    const atMs = Date.parse(textOf(valueAt(ended, 'startedAt')) ?? '');
    // A program that was killed while it ran has other last words.
    if (typeof exitCode !== 'number' || exitCode === 137 || Number.isNaN(atMs)) return null;
    const fromMs = this.firstInstant(request);
    const lines = endLines(request.container, exitCode, atMs).filter((line) => line.atMs >= fromMs);
    return request.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - request.tailLines));
  }

  /** What was written before: no more of it is drawn from the ticks than is asked for. */
  private past(known: readonly RememberedTick[], pod: WorldPod, { container, tailLines }: LogRequest, fromMs: number): readonly LogLine[] {
    const wanted = tailLines ?? Number.POSITIVE_INFINITY;
    const parts: (readonly LogLine[])[] = [];
    let count = 0;
    for (let i = known.length - 1; i >= 0 && count < wanted; i--) {
      const tick = known[i];
      if (tick === undefined || tick.toMs < fromMs) break;
      const lines = this.linesOf([tick], pod, container).filter((line) => line.atMs >= fromMs);
      parts.push(lines);
      count += lines.length;
    }
    if (count < wanted) parts.push(startLines(pod, container).filter((line) => line.atMs >= fromMs));
    const past = parts.reverse().flat();
    return wanted === 0 ? [] : past.slice(-wanted);
  }

  /** The program of the first pod of a workload. */
  private isChatty({ namespace, pod, container }: LogRequest, { workload }: ChattyOptions): boolean {
    if (container === 'istio-proxy' || container === 'istio-init' || !`${namespace}/${pod}`.startsWith(`${workload}-`)) return false;
    const pods = [...this.engine.plan().view.pods.keys()].filter((key) => key.startsWith(`${workload}-`)).sort();
    return pods[0] === `${namespace}/${pod}`;
  }

  private findPod(request: LogRequest): WorldPod | undefined {
    return this.engine.plan().view.pods.get(`${request.namespace}/${request.pod}`);
  }

  private firstInstant(request: LogRequest): number {
    if (request.sinceSeconds !== undefined) return this.now() - request.sinceSeconds * 1000;
    // Whole seconds: so the API server passes it on to the node.
    if (request.sinceTime !== undefined) return Math.floor(Date.parse(request.sinceTime) / 1000) * 1000;
    return Number.NEGATIVE_INFINITY;
  }

  private linesOf(ticks: readonly RememberedTick[], pod: WorldPod, container: string): readonly LogLine[] {
    if (container === 'istio-proxy') return ticks.flatMap((tick) => writeAccessLog(tick, pod));
    if (container === 'discovery') return this.engine.pushLog.filter((l) => ticks.some((t) => l.atMs >= t.fromMs && l.atMs < t.toMs));
    if (container === 'istio-init') return [];
    return ticks.flatMap((tick) => writeApplicationLog(tick, pod, pod.namespace === 'boutique'));
  }
}

const render = (line: LogLine, timestamps: boolean): string =>
  timestamps ? `${new Date(line.atMs).toISOString().replace('Z', '000000Z')} ${line.text}` : line.text;
