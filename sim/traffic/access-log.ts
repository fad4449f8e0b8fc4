// Log lines of one tick of one container, drawn from the requests that were counted: what the proxy at either end and the application wrote.
// In: RememberedTick, pod. Out: lines with their instants. Format: Istio's default access log (EnvoyFileAccessLog text format). Pure.
import type { WorldPod } from '../world/inventory';
import { hashText, unitMix, uuidOf } from '../world/random';
import { quantile } from './distribution';
import type { Flow, Report } from './flow';
import type { RememberedFlow, RememberedTick } from './traffic-memory';

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/** Lines of one flow and pod pair in one tick at most; busier logs are cut, as a log collector would. */
const MOST_LINES = 200;

const isoMs = (ms: number): string => new Date(ms).toISOString();

interface Drawn {
  readonly flow: Flow;
  readonly from: WorldPod;
  readonly to: WorldPod | null;
  readonly atMs: number;
  readonly requestId: string;
  /** 0..1, decides the duration. */
  readonly luck: number;
}

// The same request has the same instant, id and luck in the logs of both ends.
function* drawRequests(
  tick: RememberedTick,
  remembered: RememberedFlow,
  concerns: (from: WorldPod, to: WorldPod | null) => boolean,
): Iterable<Drawn> {
  const { flow, counts } = remembered;
  const width = flow.to?.pods.length ?? 1;
  for (let pair = 0; pair < counts.length; pair++) {
    const count = Math.min(counts[pair] ?? 0, MOST_LINES);
    const from = flow.from.pods[Math.floor(pair / width)];
    const to = flow.to?.pods[pair % width] ?? null;
    if (count === 0 || !from || !concerns(from, to)) continue;
    const key = hashText(flow.key, pair) ^ Math.floor(tick.fromMs / 250);
    for (let k = 0; k < count; k++)
      yield {
        flow,
        from,
        to,
        atMs: tick.fromMs + unitMix(key, k * 2) * (tick.toMs - tick.fromMs),
        requestId: uuidOf(`${key}/${k}`),
        luck: unitMix(key, k * 2 + 1),
      };
  }
}

const clientPort = (id: string): number => 32_768 + (hashText(id) % 28_000);

function accessLine(drawn: Drawn, report: Report, side: 'source' | 'destination'): LogLine {
  const { flow, from, to, atMs, requestId, luck } = drawn;
  const { request } = flow;
  const tcp = flow.protocol === 'tcp';
  const duration = Math.round(quantile(report.latency, luck));
  const outbound = side === 'source';
  const answered = report.ending.code !== '0' && request.details === 'via_upstream';
  const upstream = to === null ? '-' : `${to.ip}:${request.upstreamPort}`;
  const what = tcp
    ? '- - -'
    : `${request.method} ${outbound ? request.originalPath : request.path} ${flow.protocol === 'grpc' ? 'HTTP/2' : 'HTTP/1.1'}`;
  const details = report.ending.flags === 'DC' ? 'downstream_remote_disconnect' : request.details;
  const parts = [
    `[${isoMs(atMs)}]`,
    `"${what}"`,
    tcp ? '0' : report.ending.code,
    report.ending.flags,
    tcp ? '-' : details,
    '-',
    report.ending.flags.includes('UF') ? '"TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end"' : '"-"',
    String(Math.round(flow.requestBytes)),
    String(Math.round(flow.responseBytes)),
    String(duration),
    answered ? String(Math.max(0, duration - 1)) : '-',
    '"-"',
    tcp ? '"-"' : `"${request.userAgent}"`,
    tcp ? '"-"' : `"${requestId}"`,
    tcp ? '"-"' : `"${request.authority}"`,
    `"${upstream}"`,
    outbound ? request.upstreamCluster : `inbound|${request.upstreamPort}||`,
    outbound ? `${from.ip}:${clientPort(requestId)}` : `127.0.0.6:${clientPort(requestId)}`,
    upstream,
    `${from.ip}:${clientPort(`${requestId}/d`)}`,
    report.labels['connection_security_policy'] === 'mutual_tls'
      ? `outbound_.${request.upstreamPort}_._.${report.labels['destination_service'] ?? ''}`
      : '-',
    tcp ? '-' : request.routeName,
  ];
  return { atMs, text: parts.join(' ') };
}

/** What the proxy of a pod wrote in a tick: requests that left it and requests that reached it. */
export function writeAccessLog(tick: RememberedTick, pod: WorldPod): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const remembered of tick.flows) {
    const { source, destination } = remembered.flow;
    for (const drawn of drawRequests(tick, remembered, (from, to) => from.uid === pod.uid || to?.uid === pod.uid)) {
      if (source && drawn.from.uid === pod.uid) lines.push(accessLine(drawn, source, 'source'));
      if (destination && drawn.to?.uid === pod.uid) lines.push(accessLine(drawn, destination, 'destination'));
    }
  }
  return lines.sort((a, b) => a.atMs - b.atMs);
}

function applicationLine(drawn: Drawn, json: boolean): LogLine {
  const { flow, atMs, luck, requestId } = drawn;
  const report = flow.destination ?? flow.source;
  const ms = report ? quantile(report.latency, luck) : 1;
  const code = report?.ending.code ?? '200';
  const grpc = report?.ending.grpcStatus ?? null;
  const bad = grpc === null ? Number(code) >= 500 : grpc !== '0';
  const text = json
    ? JSON.stringify({
        severity: bad ? 'error' : 'info',
        timestamp: isoMs(atMs),
        message: bad ? 'request failed' : 'request complete',
        ...(grpc === null
          ? { 'http.req.method': flow.request.method, 'http.req.path': flow.request.path, 'http.resp.status': Number(code) }
          : { 'grpc.method': flow.request.path, 'grpc.code': Number(grpc) }),
        took_ms: Math.round(ms * 10) / 10,
        id: requestId,
      })
    : `${isoMs(atMs)} ${bad ? 'ERROR' : 'INFO'} ${flow.request.method} ${flow.request.path} ${grpc === null ? code : `grpc-status=${grpc}`} ${ms.toFixed(1)}ms request-id=${requestId}`;
  return { atMs, text };
}

/** What the application of a pod wrote in a tick: one line for each request that it served. */
export function writeApplicationLog(tick: RememberedTick, pod: WorldPod, json: boolean): readonly LogLine[] {
  const lines: LogLine[] = [];
  for (const remembered of tick.flows) {
    const { flow } = remembered;
    if (flow.protocol === 'tcp' || flow.request.details !== 'via_upstream') continue;
    for (const drawn of drawRequests(tick, remembered, (_from, to) => to?.uid === pod.uid)) lines.push(applicationLine(drawn, json));
  }
  return lines.sort((a, b) => a.atMs - b.atMs);
}
