// A question to the evaluator in the address of its page. In: query strings. Out: QuestionDraft, what it lacks. Pure.
import type { ExplainQuestion } from '../../../model/steering';

export const PROTOCOLS = ['http', 'grpc', 'tcp', 'tls'] as const satisfies readonly ExplainQuestion['protocol'][];
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What the form holds, not checked yet. */
export interface QuestionDraft {
  readonly namespace: string;
  readonly workload: string;
  readonly host: string;
  readonly port: string;
  readonly protocol: ExplainQuestion['protocol'];
  readonly method: string;
  readonly path: string;
  /** `name: value`, a line each. */
  readonly headers: string;
}

export const EMPTY_QUESTION: QuestionDraft = {
  namespace: '',
  workload: '',
  host: '',
  port: '',
  protocol: 'http',
  method: 'GET',
  path: '/',
  headers: '',
};

const NAMES = {
  namespace: 'sourceNamespace',
  workload: 'source',
  host: 'host',
  port: 'port',
  protocol: 'protocol',
  method: 'method',
  path: 'path',
  headers: 'headers',
} as const satisfies Readonly<Record<keyof QuestionDraft, string>>;

const KEYS = Object.keys(NAMES) as readonly (keyof QuestionDraft)[];

/** `headers` is one parameter of lines. */
export function decodeQuestion(query: URLSearchParams): QuestionDraft {
  const textOf = (key: keyof QuestionDraft): string => query.get(NAMES[key]) ?? EMPTY_QUESTION[key];
  return {
    namespace: textOf('namespace'),
    workload: textOf('workload'),
    host: textOf('host'),
    port: textOf('port'),
    protocol: PROTOCOLS.find((one) => one === query.get(NAMES.protocol)) ?? 'http',
    method: textOf('method'),
    path: textOf('path'),
    headers: textOf('headers'),
  };
}

/** Only what differs from an empty question; parameters of others stay. */
export function encodeQuestion(draft: QuestionDraft, kept: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const query = new URLSearchParams(kept);
  for (const key of KEYS) {
    if (draft[key] === EMPTY_QUESTION[key]) query.delete(NAMES[key]);
    else query.set(NAMES[key], draft[key]);
  }
  return query;
}

const HEADER = /^([!#$%&'*+\-.^_`|~\w]+)\s*:\s*(.*)$/;

/** Headers of lines; names in lower case. Lines that are none are told. */
export function readHeaders(text: string): { readonly headers: Readonly<Record<string, string>>; readonly bad: readonly string[] } {
  const headers: Record<string, string> = {};
  const bad: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const match = HEADER.exec(line.trim());
    if (match === null) bad.push(line.trim());
    else headers[(match[1] ?? '').toLowerCase()] = match[2] ?? '';
  }
  return { headers, bad };
}

export type ReadQuestion =
  | { readonly question: ExplainQuestion; readonly faults: null }
  /** By field: what is missing or wrong. */
  | { readonly question: null; readonly faults: Readonly<Partial<Record<keyof QuestionDraft, string>>> };

/** The question, or what keeps the form from being one. */
export function readQuestion(draft: QuestionDraft): ReadQuestion {
  const faults: Partial<Record<keyof QuestionDraft, string>> = {};
  const port = Number(draft.port);
  const { headers, bad } = readHeaders(draft.headers);
  const streams = draft.protocol === 'tcp' || draft.protocol === 'tls';
  if (draft.namespace === '') faults.namespace = 'Choose the namespace of the caller.';
  if (draft.workload.trim() === '') faults.workload = 'Name the workload that calls.';
  if (draft.host.trim() === '') faults.host = 'Name the host that is called.';
  else if (/[\s/]/.test(draft.host.trim())) faults.host = 'A host has no blanks, slashes or scheme: reviews.bookinfo.svc.cluster.local.';
  if (!Number.isInteger(port) || port < 1 || port > 65_535) faults.port = 'A port is a number from 1 to 65535.';
  if (!streams && !draft.path.startsWith('/')) faults.path = 'A path begins with a slash.';
  if (!streams && bad.length > 0) faults.headers = `“${bad[0]}” is no header: write name: value, one on a line.`;
  if (Object.keys(faults).length > 0) return { question: null, faults };
  return {
    question: {
      source: { namespace: draft.namespace, workload: draft.workload.trim() },
      host: draft.host.trim(),
      port,
      protocol: draft.protocol,
      method: streams ? 'GET' : draft.method,
      path: streams ? '/' : draft.path,
      headers: streams ? {} : headers,
    },
    faults: null,
  };
}

/** The form that holds a question. */
export const draftOf = ({ source, host, port, protocol, method, path, headers }: ExplainQuestion): QuestionDraft => ({
  namespace: source.namespace,
  workload: source.workload,
  host,
  port: String(port),
  protocol,
  method,
  path,
  headers: Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n'),
});

/** "GET reviews.bookinfo…:9080/ from bookinfo/productpage, end-user: jason". */
export function wordQuestion({ source, host, port, protocol, method, path, headers }: ExplainQuestion): string {
  const from = `from ${source.namespace}/${source.workload}`;
  if (protocol === 'tcp' || protocol === 'tls') return `${protocol.toUpperCase()} ${host}:${port} ${from}`;
  const carried = Object.entries(headers).map(([name, value]) => `, ${name}: ${value}`);
  return `${protocol === 'grpc' ? 'gRPC ' : ''}${method} ${host}:${port}${path} ${from}${carried.join('')}`;
}

/** Address of the page that asks about a host. */
export const explainHref = (draft: Partial<QuestionDraft>): string => {
  const query = encodeQuestion({ ...EMPTY_QUESTION, ...draft }).toString();
  return query === '' ? '/explain' : `/explain?${query}`;
};
