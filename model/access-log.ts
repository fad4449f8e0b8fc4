// Access logs of Envoy as Istio writes them, text and JSON, and what each field means. In: a line. Out: fields by the names of Istio's JSON
// format. Sources: istio/istio pilot/pkg/model/telemetry_logging.go (EnvoyTextLogFormat, EnvoyJSONLogFormatIstio), Envoy "Access logging". Pure.

/** Fields in the order of the text format, with a title and what is in them. */
export const ACCESS_FIELDS = [
  ['start_time', 'Start', 'When the request began.'],
  ['method', 'Method', 'HTTP method; - for TCP.'],
  ['path', 'Path', 'Path as the caller sent it, before any rewrite.'],
  ['protocol', 'Protocol', 'Protocol of the caller; - for TCP.'],
  ['response_code', 'Response code', 'HTTP status; 0: no response was sent, or the connection is TCP.'],
  ['response_flags', 'Response flags', 'What happened to the request beside its status; -: nothing.'],
  ['response_code_details', 'Response details', 'Who decided the response; via_upstream: the target itself.'],
  ['connection_termination_details', 'Connection ended by', 'Why the proxy ended the connection; -: it did not.'],
  ['upstream_transport_failure_reason', 'Transport failure', 'What failed in TLS or in the connection to the target.'],
  ['bytes_received', 'Bytes received', 'Body of the request.'],
  ['bytes_sent', 'Bytes sent', 'Body of the response.'],
  ['duration', 'Duration', 'From the first byte of the request to the last of the response, in ms.'],
  ['upstream_service_time', 'Time of the target', 'What the target took until its response headers, in ms.'],
  ['x_forwarded_for', 'Forwarded for', 'Addresses that the request came through.'],
  ['user_agent', 'User agent', 'What the caller calls itself.'],
  ['request_id', 'Request id', 'The same in the logs of every proxy that the request passes.'],
  ['authority', 'Authority', 'Host that was asked for.'],
  ['upstream_host', 'Upstream host', 'Endpoint that the request was sent to; -: none.'],
  ['upstream_cluster', 'Upstream cluster', 'direction|port|subset|host of the target, as the configuration of the proxy names it.'],
  ['upstream_local_address', 'Upstream local address', 'Address of the proxy towards the target.'],
  ['downstream_local_address', 'Downstream local address', 'Address that the caller connected to.'],
  ['downstream_remote_address', 'Downstream remote address', 'Address of the caller.'],
  ['requested_server_name', 'Server name (SNI)', 'Name in the TLS handshake; names the mutual TLS of Istio.'],
  ['route_name', 'Route', 'Name of the route that matched.'],
] as const satisfies readonly (readonly [name: string, title: string, about: string])[];

export type AccessField = (typeof ACCESS_FIELDS)[number][0];
export type AccessLog = Readonly<Record<AccessField, string>>;

/** Parts of a line: what stands in brackets, in quotes, or between spaces. Nothing is read twice, whatever the line holds. */
function* splitParts(line: string): Generator<string> {
  let at = 0;
  while (at < line.length) {
    const opens = line[at];
    if (opens === ' ') {
      at++;
      continue;
    }
    if (opens === '"' || opens === '[') {
      // A quote in a value (a user agent may hold any) is no end: a space or the end of the line follows that.
      const close = opens === '"' ? '"' : ']';
      let end = line.indexOf(close, at + 1);
      while (end >= 0 && end + 1 < line.length && line[end + 1] !== ' ') end = line.indexOf(close, end + 1);
      if (end < 0) end = line.length;
      yield line.slice(at + 1, end);
      at = end + 1;
      continue;
    }
    const space = line.indexOf(' ', at);
    const end = space < 0 ? line.length : space;
    yield line.slice(at, end);
    at = end;
  }
}

/** Longest line that can be one; a path may have 60 KiB. */
const MAX_LENGTH = 70_000;

/** A line of the text format; null where it is none. */
export function readAccessText(line: string): AccessLog | null {
  // `[2026-11-28T05:00:00.000Z] "GET / HTTP/1.1" 200 ...`
  if (line.length > MAX_LENGTH || !/^\[\d{4}-\d\d-\d\dT[\d:.]+Z?\] "/.test(line)) return null;
  const [start = '', request = '', ...rest] = splitParts(line);
  // Older versions of Istio end sooner: what is not there is "-".
  if (rest.length < 12 || !/^\d{1,3}$/.test(rest[0] ?? '')) return null;
  const space = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  const asked =
    space < 0 || last <= space ? [request, '-', '-'] : [request.slice(0, space), request.slice(space + 1, last), request.slice(last + 1)];
  const values = [start, ...asked, ...rest];
  return Object.fromEntries(ACCESS_FIELDS.map(([name], i) => [name, values[i] ?? '-'])) as AccessLog;
}

/** An object of the JSON format; null where it is none. */
export function readAccessJson(object: Readonly<Record<string, unknown>>): AccessLog | null {
  if (!('response_code' in object) || !('response_flags' in object)) return null;
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '-';
  return Object.fromEntries(ACCESS_FIELDS.map(([name]) => [name, text(object[name])])) as AccessLog;
}

/** Parts of `outbound|9080|v2|reviews.bookinfo.svc.cluster.local`; null for another name (PassthroughCluster). */
export function readCluster(
  name: string,
): { readonly direction: 'inbound' | 'outbound'; readonly port: string; readonly subset: string; readonly host: string } | null {
  const [direction, port = '', subset = '', host = ''] = name.split('|');
  return direction === 'inbound' || direction === 'outbound' ? { direction, port, subset, host } : null;
}

/** A proxy's line of TCP: no method, no status. */
export const isTcp = ({ method, protocol }: AccessLog): boolean => method === '-' && protocol === '-';
