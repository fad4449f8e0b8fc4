// What a proxy is told about its own metrics: histogram bounds by annotation, metrics switched off by Telemetry objects.
// In: pod, WorldView. Out: RequestShape, shared by the pods with equal settings. Source: istio.md 1.1, 3.9.
import type { Json } from '../../model/inventory';
import { isRecord, listOf, recordOf, valueAt } from '../kubernetes/json';
import type { WorldPod, WorldView } from '../world/inventory';
import { buildRequestShape, DEFAULT_BOUNDS, type RequestShape } from './block';

const ANNOTATION = 'sidecar.istio.io/statsHistogramBuckets';

// `{"istio": [1, 5, 10]}`: bounds by prefix of the metric's name.
function boundsOf(pod: WorldPod): readonly number[] {
  const text = pod.annotations[ANNOTATION];
  if (text === undefined) return DEFAULT_BOUNDS;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return DEFAULT_BOUNDS;
  }
  for (const [prefix, bounds] of Object.entries(recordOf(parsed)))
    if (prefix.startsWith('istio')) {
      const numbers = listOf(bounds).filter((b): b is number => typeof b === 'number' && Number.isFinite(b));
      if (numbers.length > 0) return [...numbers].sort((a, b) => a - b);
    }
  return DEFAULT_BOUNDS;
}

const disables = (spec: Json | undefined, metric: string): boolean =>
  listOf(valueAt(spec, 'metrics')).some((entry) =>
    listOf(recordOf(entry)['overrides'])
      .filter(isRecord)
      .some((o) => o['disabled'] === true && [metric, 'ALL_METRICS'].includes(String(valueAt(o, 'match', 'metric')))),
  );

// The most specific Telemetry with metrics decides: workload, namespace, root namespace.
function sizesOf(pod: WorldPod, view: WorldView): boolean {
  const root = view.inventory.mesh.rootNamespace;
  const candidates = (view.inventory.config.get('Telemetry') ?? []).filter((t) => isRecord(t.spec) && t.spec['metrics'] !== undefined);
  const selected = (spec: Json | undefined): boolean => {
    const labels = Object.entries(recordOf(valueAt(spec, 'selector', 'matchLabels')));
    return labels.length > 0 && labels.every(([k, v]) => pod.labels[k] === v);
  };
  const plain = (spec: Json | undefined): boolean => valueAt(spec, 'selector') === undefined;
  const telemetry =
    candidates.find((t) => t.namespace === pod.namespace && selected(t.spec)) ??
    candidates.find((t) => t.namespace === pod.namespace && plain(t.spec)) ??
    candidates.find((t) => t.namespace === root && plain(t.spec));
  return !(telemetry && disables(telemetry.spec, 'REQUEST_SIZE') && disables(telemetry.spec, 'RESPONSE_SIZE'));
}

/** Shape of the HTTP metrics of a pod's proxy; `known` keeps shapes that were made before. */
export function requestShapeOf(pod: WorldPod | null, view: WorldView | null, known: Map<string, RequestShape>): RequestShape {
  const bounds = pod ? boundsOf(pod) : DEFAULT_BOUNDS;
  const sizes = pod && view ? sizesOf(pod, view) : true;
  const key = `${sizes}/${bounds.join(',')}`;
  const shape = known.get(key) ?? buildRequestShape(bounds, sizes);
  known.set(key, shape);
  return shape;
}
