// The seven panels that Istio's service and workload dashboards show of each peer: requests, success, duration, sizes, TCP bytes. Pure.
// In: matchers, labels that tell peers apart, titles. Out: Panel[]. https://github.com/istio/istio/tree/master/manifests/addons/dashboards
import type { Panel } from '../../../model/dashboard';
import {
  type Asked,
  BY_POLICY,
  durationQuantile,
  irate,
  lines,
  Q4,
  quantile,
  round,
  split,
  sumBy,
  type TlsSplit,
  wordQuantile,
} from '../define';

export interface PeerTitles {
  readonly requests: string;
  readonly success: string;
  readonly duration: string;
  readonly requestSize: string;
  readonly responseSize: string;
  readonly tcpFirst: string;
  readonly tcpSecond: string;
}

export interface PeerPanels {
  readonly matchers: string;
  readonly labels: readonly string[];
  /** Legend of one peer. */
  readonly legend: string;
  readonly halves: TlsSplit;
  readonly titles: PeerTitles;
  /** Metric behind the first and the second TCP panel. */
  readonly tcp: readonly [string, string];
  readonly about?: string;
}

const quantiles =
  (legend: string, make: (q: number, matchers: string) => string): ((matchers: string) => readonly Asked[]) =>
  (matchers) =>
    Q4.map((q) => [`${legend} ${wordQuantile(q)}`, make(q, matchers)] as const);

export function peerPanels({ matchers, labels, legend, halves, titles, tcp, about }: PeerPanels): readonly Panel[] {
  const more = about === undefined ? {} : { about };
  const halved = (make: (matchers: string) => readonly Asked[]): readonly Asked[] => split(matchers, halves, make);
  const success = (own: string): string =>
    `${sumBy(irate(`istio_requests_total{${own}, response_code!~"5.*"}`), labels)} / ${sumBy(irate(`istio_requests_total{${own}}`), labels)}`;
  const bytes = (metric: string): readonly Asked[] => halved((own) => [[legend, round(sumBy(irate(`${metric}{${own}}`), labels))]]);
  return [
    lines(
      titles.requests,
      'ops',
      halved((own) => [
        [`${legend} : {{response_code}}`, round(sumBy(irate(`istio_requests_total{${own}}`), [...labels, 'response_code']))],
      ]),
      more,
    ),
    lines(
      titles.success,
      'percentunit',
      halved((own) => [[legend, success(own)]]),
      more,
    ),
    lines(titles.duration, 's', halved(quantiles(legend, (q, own) => durationQuantile(q, own, labels))), { ...more, width: 4 }),
    lines(titles.requestSize, 'bytes', halved(quantiles(legend, (q, own) => quantile(q, 'istio_request_bytes', own, labels))), {
      ...more,
      width: 4,
    }),
    lines(titles.responseSize, 'bytes', halved(quantiles(legend, (q, own) => quantile(q, 'istio_response_bytes', own, labels))), {
      ...more,
      width: 4,
    }),
    lines(titles.tcpFirst, 'Bps', bytes(tcp[0]), more),
    lines(titles.tcpSecond, 'Bps', bytes(tcp[1]), more),
  ];
}

/** What reaches something, by client workload; the variables srcwl and srcns choose among clients. */
export const clientPanels = (matchers: string): readonly Panel[] =>
  peerPanels({
    matchers: `${matchers}, source_workload=~"$srcwl", source_workload_namespace=~"$srcns"`,
    labels: ['source_workload', 'source_workload_namespace'],
    legend: '{{source_workload}}.{{source_workload_namespace}}',
    halves: BY_POLICY,
    titles: {
      requests: 'Incoming Requests By Source And Response Code',
      success: 'Incoming Success Rate (non-5xx responses) By Source',
      duration: 'Incoming Request Duration By Source',
      requestSize: 'Incoming Request Size By Source',
      responseSize: 'Response Size By Source',
      tcpFirst: 'Bytes Received from Incoming TCP Connection',
      tcpSecond: 'Bytes Sent to Incoming TCP Connection',
    },
    tcp: ['istio_tcp_received_bytes_total', 'istio_tcp_sent_bytes_total'],
  });
