// The recording rules that a Prometheus may load so that the graph of a whole mesh costs it a few hundredths: the sums by edge that the query
// plan asks for, kept as series. ONE source: the rule file is written from here (charts/heddle/files/recording-rules.yaml), and queries.ts
// reads what it records. In: nothing. Out: rule groups, the text of the file, what its marker says. Pure.
import {
  BUCKETS,
  CLUSTER_LABELS,
  computeSum,
  DESTINATION_REQUESTS,
  DURATION,
  EDGE_LABELS,
  type EdgeSum,
  JOINED,
  joinEdge,
  PAYLOAD_BYTES,
  RECORDED_WINDOW_SECONDS,
  SERVED,
  SOURCE_REQUESTS,
  TCP_BYTES,
} from './edge-sums';
import { is, sumOfRates } from './promql';

/** Recorded last in each group: says when it was evaluated, how often it is, and by which version of the rules. */
export const MARKER = 'heddle:rules:info';
/** Changes when the rules record something else under the same names. */
export const RULES_VERSION = '2';
/** Pseudo bucket of edges whose requests all fall into one bucket: the sum of their durations. */
export const SUM_BUCKET = 'sum';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What it is for. */
  readonly about: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly rules: readonly RecordingRule[];
}

const EDGE = [...EDGE_LABELS, ...CLUSTER_LABELS];

const rule = (sum: EdgeSum, about: string): RecordingRule => ({
  record: sum.record,
  expr: computeSum({ ...sum, direction: null }, [[]], EDGE, RECORDED_WINDOW_SECONDS),
  labels: sum.direction === null ? {} : { direction: sum.direction },
  about,
});

/**
 * Histograms by edge without what can be told from the rest: buckets with nothing in them, and those that hold everything. Where that
 * leaves none, all requests fall into one bucket, which their average tells.
 */
function latencyRules(): readonly RecordingRule[] {
  const identity = ['request_protocol', ...EDGE];
  const sumOf = (labels: readonly string[], le: string): string =>
    sumOfRates(BUCKETS.metric, [[SERVED, le]], labels, RECORDED_WINDOW_SECONDS);
  const total = sumOf(identity, is('le', '+Inf'));
  const durations = computeSum({ ...DURATION, labels: ['request_protocol'], direction: null }, [[]], EDGE, RECORDED_WINDOW_SECONDS);
  const partial = `(${sumOf(['le', ...identity], 'le!="+Inf"')}) > 0 < on (${identity.join(', ')}) group_left () ${total}`;
  const joined = [JOINED.label, ...JOINED.apart].join(', ');
  return [
    {
      record: BUCKETS.record,
      expr: joinEdge(partial, ['le']),
      labels: {},
      about: 'Requests per second by bucket of their duration, of buckets that hold some and not all.',
    },
    { record: BUCKETS.record, expr: joinEdge(`(${total}) > 0`, []), labels: { le: '+Inf' }, about: 'All of them.' },
    {
      record: BUCKETS.record,
      expr: `${joinEdge(durations, [])} unless on (${joined}) ${BUCKETS.record}{le!="+Inf", le!="${SUM_BUCKET}"}`,
      labels: { le: SUM_BUCKET },
      about: 'Milliseconds per second where all requests fall into one bucket: their average tells which.',
    },
  ];
}

const group = (name: string, intervalSeconds: number, rules: readonly RecordingRule[]): RuleGroup => ({
  name: `heddle-${name}`,
  intervalSeconds,
  rules: [
    ...rules,
    {
      record: MARKER,
      expr: 'vector(1)',
      labels: { group: name, interval: String(intervalSeconds), version: RULES_VERSION },
      about: 'When this group was evaluated last: the console uses its series only as long as they are fresh.',
    },
  ],
});

/** All groups. */
export const RULE_GROUPS: readonly RuleGroup[] = [
  group('edges', 15, [
    rule(SOURCE_REQUESTS, 'Requests per second by edge, code, gRPC status and flags, as callers report them.'),
    rule(DESTINATION_REQUESTS, 'The same as callees and waypoints report them, with the security of the connection.'),
    ...TCP_BYTES.map((sum) => rule(sum, `TCP bytes per second by edge, ${sum.direction ?? ''} by the client.`)),
    rule(DURATION, 'Milliseconds of request duration per second by edge; divided by requests it is the average latency.'),
    rule(PAYLOAD_BYTES.response, 'Bytes of responses per second by edge.'),
    rule(PAYLOAD_BYTES.request, 'Bytes of requests per second by edge.'),
  ]),
  group('latency', 60, latencyRules()),
];

const HEAD = `# Recording rules for Heddle: sums of Istio's standard metrics by edge of the graph, over ${RECORDED_WINDOW_SECONDS} s. With them the graph of a mesh of 2,000 services is
# read in a fraction of a second; without them it is computed at each refresh. Heddle finds them by itself, uses them in the window of one
# minute only, and only as long as they are fresh. Whoever changes an interval changes the label "interval" of the group's last rule, too.
# Written by server/telemetry/rules.ts. Check: promtool check rules FILE.
`;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The rule file as Prometheus reads it. */
export function encodeRuleFile(): string {
  const lines = ['groups:'];
  for (const { name, intervalSeconds, rules } of RULE_GROUPS) {
    lines.push(`  - name: ${name}`, `    interval: ${intervalSeconds}s`, '    rules:');
    for (const { record, expr, labels, about } of rules) {
      lines.push(`      # ${about}`, `      - record: ${record}`, `        expr: ${quoted(expr)}`);
      const entries = Object.entries(labels);
      if (entries.length > 0) lines.push('        labels:', ...entries.map(([label, value]) => `          ${label}: ${quoted(value)}`));
    }
  }
  return `${HEAD}${lines.join('\n')}\n`;
}
