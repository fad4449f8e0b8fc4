// Reads gateway.networking.k8s.io Gateway, ListenerSet and ReferenceGrant. In: ConfigObject. Out: views; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import type { Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';

export interface ListenerView {
  readonly pointer: ConfigPointer;
  readonly name: string;
  readonly port: number;
  /** HTTP, HTTPS, TLS, TCP, ... */
  readonly protocol: string;
  /** `*` where absent. */
  readonly hostname: string;
  readonly tls: 'Terminate' | 'Passthrough' | null;
  /** Namespaces whose routes may attach; `labels` null in `selector` = a selector that cannot be read, which selects nothing. */
  readonly allowed: { readonly from: 'Same' | 'All' | 'None' } | { readonly from: 'Selector'; readonly selector: LabelSelector };
  /** Kinds of routes, empty = those of the protocol. */
  readonly kinds: readonly string[];
}

export interface LabelSelector {
  readonly labels: Labels;
  readonly expressions: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
}

export interface K8sGatewayView {
  readonly object: ConfigObject;
  readonly className: string;
  readonly listeners: readonly ListenerView[];
  /** Namespaces whose ListenerSets may attach. */
  readonly allowedSets: ListenerView['allowed'];
  /** Services that stand for a gateway deployed by hand. */
  readonly addressHosts: readonly string[];
  readonly notes: readonly string[];
}

export const readK8sGateway: (object: ConfigObject) => K8sGatewayView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  return {
    object,
    className: spec.text('gatewayClassName') ?? '',
    listeners: spec.objects('listeners').map((listener) => readListener(object, listener)),
    allowedSets: readAllowed(spec.object('allowedListeners')?.object('namespaces') ?? null, 'None'),
    addressHosts: spec.objects('addresses').flatMap((address) => {
      const value = address.text('value');
      return value !== null && address.text('type') === 'Hostname' ? [value] : [];
    }),
    notes: spec.notes,
  };
});

function readListener(object: ConfigObject, listener: Fields): ListenerView {
  const allowed = listener.object('allowedRoutes');
  const protocol = listener.text('protocol') ?? '';
  const mode = listener.object('tls')?.text('mode') ?? 'Terminate';
  return {
    pointer: pointerTo(object, listener.path),
    name: listener.text('name') ?? '',
    port: listener.number('port') ?? 0,
    protocol,
    hostname: (listener.text('hostname') || '*').toLowerCase(),
    tls: protocol !== 'HTTPS' && protocol !== 'TLS' ? null : mode === 'Passthrough' ? 'Passthrough' : 'Terminate',
    allowed: readAllowed(allowed?.object('namespaces') ?? null, 'Same'),
    kinds: allowed?.objects('kinds').flatMap((kind) => kind.text('kind') ?? []) ?? [],
  };
}

function readAllowed(namespaces: Fields | null, absent: 'Same' | 'None'): ListenerView['allowed'] {
  const from = namespaces?.text('from') ?? absent;
  if (from === 'Selector') return { from, selector: readSelector(namespaces?.object('selector') ?? null) };
  return { from: from === 'All' ? 'All' : from === 'Same' ? 'Same' : 'None' };
}

export interface ListenerSetView {
  readonly object: ConfigObject;
  readonly gateway: { readonly namespace: string; readonly name: string };
  readonly listeners: readonly ListenerView[];
}

export const readListenerSet: (object: ConfigObject) => ListenerSetView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const parent = spec.object('parentRef');
  return {
    object,
    gateway: { namespace: parent?.text('namespace') || object.namespace, name: parent?.text('name') ?? '' },
    listeners: spec.objects('listeners').map((listener) => readListener(object, listener)),
  };
});

function readSelector(selector: Fields | null): LabelSelector {
  return {
    labels: selector?.labels('matchLabels') ?? {},
    expressions:
      selector?.objects('matchExpressions').map((entry) => ({
        key: entry.text('key') ?? '',
        operator: entry.text('operator') ?? '',
        values: entry.texts('values'),
      })) ?? [],
  };
}

/** True when a Kubernetes label selector selects an object; an operator that is not known selects nothing. */
export function selectorMatches(selector: LabelSelector, labels: Labels): boolean {
  for (const [name, value] of Object.entries(selector.labels)) if (labels[name] !== value) return false;
  return selector.expressions.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    if (operator === 'In') return value !== undefined && values.includes(value);
    return operator === 'NotIn' && (value === undefined || !values.includes(value));
  });
}

export interface ReferenceGrantView {
  readonly object: ConfigObject;
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  /** Name null = every object of the kind in the grant's namespace. */
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name: string | null }[];
}

export const readReferenceGrant: (object: ConfigObject) => ReferenceGrantView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  return {
    object,
    from: spec.objects('from').map((from) => ({
      group: from.text('group') ?? '',
      kind: from.text('kind') ?? '',
      namespace: from.text('namespace') ?? '',
    })),
    to: spec.objects('to').map((to) => ({ group: to.text('group') ?? '', kind: to.text('kind') ?? '', name: to.text('name') })),
  };
});
