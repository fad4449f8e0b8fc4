// A service made reachable through a gateway. In: expose intent. Out: a VirtualService or HTTPRoute in the draft, or why not.
import { type ConfigRef, type Intent, refText } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import { backendText, destinationText } from './destinations';
import type { Draft } from './draft';
import { sameJson } from './json-edit';
import { newManifest } from './manifest-of';
import { Refusal } from './refusal';

type Expose = Extract<Intent, { type: 'expose' }>;

export function planExpose(draft: Draft, intent: Expose): Refusal | null {
  const { gateway, namespace, name } = intent;
  if (gateway.kind !== 'Gateway' && gateway.kind !== 'K8sGateway')
    return new Refusal('', `${refText(gateway)} is no gateway`, 'Name a Gateway of Istio or of the Gateway API.');
  if (draft.read(gateway) === null)
    return new Refusal('', `${refText(gateway)} is not there`, 'Choose a gateway that exists, or make it first.');
  const mesh = gateway.kind === 'Gateway';
  const ref: ConfigRef = { kind: mesh ? 'VirtualService' : 'HTTPRoute', namespace, name };
  const spec = mesh ? meshSpec(intent) : apiSpec(draft, intent);
  const known = draft.read(ref);
  if (known !== null)
    return sameJson(known.spec, spec)
      ? null
      : new Refusal('metadata.name', `${refText(ref)} exists already`, 'Choose another name, or add a rule to it.');
  draft.write(ref, newManifest(draft.inventory, ref, spec));
  return null;
}

function meshSpec({ gateway, hostnames, pathPrefix, host, port }: Expose): JsonObject {
  const match = pathPrefix === '/' ? {} : { match: [{ uri: { prefix: pathPrefix } }] };
  return {
    hosts: hostnames.length === 0 ? ['*'] : hostnames,
    gateways: [`${gateway.namespace}/${gateway.name}`],
    http: [{ ...match, route: [{ destination: destinationText(host, null, port) }] }],
  };
}

function apiSpec(draft: Draft, { gateway, namespace, hostnames, pathPrefix, host, port }: Expose): JsonObject {
  const named = hostnames.filter((hostname) => hostname !== '*');
  return {
    parentRefs: [{ name: gateway.name, ...(gateway.namespace === namespace ? {} : { namespace: gateway.namespace }) }],
    // Without hostnames a route takes all those of the listener; it cannot say `*`.
    ...(named.length === 0 || named.length < hostnames.length ? {} : { hostnames: named }),
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: pathPrefix } }],
        backendRefs: [backendText(draft, namespace, host, port)],
      },
    ],
  };
}
