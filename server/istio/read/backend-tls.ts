// Reads gateway.networking.k8s.io BackendTLSPolicy as what Istio makes of it: the TLS settings of a DestinationRule for each service that it
// targets. In: ConfigObject. Out: rules; never throws. Source: istio pilot/pkg/config/kube/gateway backend policies.
import type { ConfigObject, JsonObject } from '../../../model/inventory';
import { memoByObject } from '../memo';
import { Fields } from './fields';

export interface BackendTlsTarget {
  /** Service of the policy's namespace. */
  readonly name: string;
  /** Name of one of its ports; null = all of them. */
  readonly section: string | null;
}

/** Services that a policy targets. */
export const backendTlsOf: (object: ConfigObject) => readonly BackendTlsTarget[] = memoByObject((object) =>
  Fields.ofSpec(object)
    .objects('targetRefs')
    .flatMap((ref): readonly BackendTlsTarget[] => {
      const name = ref.text('name') ?? '';
      const own = (ref.text('group') ?? '') === '' && ref.text('kind') === 'Service' && name !== '';
      return own ? [{ name, section: ref.text('sectionName') || null }] : [];
    }),
);

/** Numbers of a service's ports by their names. */
export type PortNumbers = (service: string) => ReadonlyMap<string, number>;

/** The policy as DestinationRules, one a service: a port that does not exist is passed over. */
export function asDestinationRules(object: ConfigObject, domain: string, ports: PortNumbers): readonly ConfigObject[] {
  const hostname = Fields.ofSpec(object).object('validation')?.text('hostname') ?? '';
  const tls: JsonObject = { mode: 'SIMPLE', sni: hostname };
  const targets = backendTlsOf(object);
  return [...new Set(targets.map(({ name }) => name))].flatMap((name): readonly ConfigObject[] => {
    const own = targets.filter((target) => target.name === name);
    const numbers = own.flatMap(({ section }) => (section === null ? [] : (ports(name).get(section) ?? [])));
    const whole = own.some(({ section }) => section === null);
    if (!whole && numbers.length === 0) return [];
    const trafficPolicy: JsonObject = {
      ...(whole ? { tls } : {}),
      ...(numbers.length === 0 ? {} : { portLevelSettings: numbers.map((number) => ({ port: { number }, tls })) }),
    };
    return [{ ...object, spec: { host: `${name}.${object.namespace}.svc.${domain}`, trafficPolicy } }];
  });
}
