// The choices of the graph's toolbar in words, and what they ask of the server. In: labels, views. Out: choices, overlays, keys. Pure.
import type { GraphType } from '../../model/graph';
import type { DetailLevel } from '../../model/view-options';
import { DEFAULT_VIEW, encodeView, type ViewSpec } from '../../model/wire';
import type { EdgeLabel, EdgeMode } from '../live/screen-url';

export const GRAPH_TYPE_CHOICES: readonly { readonly value: GraphType; readonly label: string }[] = [
  { value: 'versionedApp', label: 'Versioned app graph' },
  { value: 'app', label: 'App graph' },
  { value: 'service', label: 'Service graph' },
  { value: 'workload', label: 'Workload graph' },
];

export const LABEL_CHOICES: readonly { readonly value: EdgeLabel; readonly label: string; readonly hint?: string }[] = [
  { value: 'rate', label: 'Rate', hint: 'Requests per second; TCP: bytes per second' },
  { value: 'errors', label: 'Error share', hint: 'HTTP 4xx, 5xx and no response; gRPC other than OK' },
  { value: 'share', label: 'Distribution', hint: 'Share of what the source sends' },
  { value: 'avg', label: 'Average latency' },
  { value: 'p50', label: 'P50 latency' },
  { value: 'p95', label: 'P95 latency' },
  { value: 'p99', label: 'P99 latency' },
  { value: 'throughput', label: 'Throughput of responses' },
  { value: 'requestThroughput', label: 'Throughput of requests' },
  { value: 'mtls', label: 'mTLS' },
];

export const LEVEL_CHOICES: readonly { readonly value: DetailLevel; readonly label: string; readonly hint?: string }[] = [
  { value: 'auto', label: 'Automatic', hint: 'Folds namespaces and apps when the graph is too large to read' },
  { value: 'full', label: 'Everything' },
  { value: 'apps', label: 'Apps', hint: 'Each app is one node' },
  { value: 'namespaces', label: 'Namespaces', hint: 'Each namespace is one node' },
];

export const EDGE_MODE_CHOICES: readonly { readonly value: EdgeMode; readonly label: string }[] = [
  { value: 'all', label: 'All edges' },
  { value: 'unhealthy', label: 'Only edges that are not healthy' },
  { value: 'none', label: 'No edges' },
];

/** The list with the value added or taken away, in the order of the choices. */
export const toggleLabel = (labels: readonly EdgeLabel[], label: EdgeLabel): readonly EdgeLabel[] =>
  LABEL_CHOICES.map(({ value }) => value).filter((value) => (value === label ? !labels.includes(value) : labels.includes(value)));

/** Views whose nodes are the same share the places that were chosen by hand: window, instant and overlays do not matter. */
export const buildPositionsKey = (view: ViewSpec): string =>
  encodeView({ ...view, windowSeconds: DEFAULT_VIEW.windowSeconds, atSeconds: null, overlays: [], idle: false }).toString();
