// What a kind of rule can say at all. In: RulePlace. Out: the refusal that names what to use instead.
import { Refusal } from './refusal';
import type { RulePlace } from './rule-place';

/** Rules whose requests are HTTP and which are written as Istio's. */
export const isMeshHttp = ({ kind, list }: RulePlace): boolean => kind === 'VirtualService' && list === 'http';

/** `a TCPRoute cannot set timeouts` */
export function cannot({ kind, list, path, host }: RulePlace, what: string): Refusal {
  const rule = kind === 'VirtualService' ? `a ${list} rule of a VirtualService` : `a${kind === 'HTTPRoute' ? 'n' : ''} ${kind}`;
  const next =
    kind === 'VirtualService'
      ? 'Only http rules can: name the port of the service as HTTP and add an http rule.'
      : `Use a VirtualService for ${host} instead; its http rules can.`;
  return new Refusal(path, `${rule} cannot ${what}`, next);
}
