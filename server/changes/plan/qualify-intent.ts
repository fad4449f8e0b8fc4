// Hosts of an intent as full names: a short one belongs to the namespace of the object that is edited, as it would if it stood there.
// In: Intent, DNS domain. Out: the same Intent, its hosts resolved.
import type { ActionEdit, DestinationEdit, Intent, RuleRef } from '../../../model/edit';
import { resolveHost } from '../../istio/names';
import { splitServiceHost } from './host-owner';

export function qualifyIntent(intent: Intent, domain: string): Intent {
  switch (intent.type) {
    case 'enableRule':
      return intent;
    case 'trafficPolicy':
    case 'subsets':
    case 'expose':
      return { ...intent, host: resolveHost(intent.host, intent.namespace, domain) };
    default:
      return ofRule(intent, domain);
  }
}

type RuleIntent = Extract<Intent, { readonly rule: RuleRef }>;

function ofRule(intent: RuleIntent, domain: string): RuleIntent {
  const namespace = intent.rule.object?.namespace ?? splitServiceHost(intent.rule.host, domain)?.namespace;
  if (namespace === undefined) return intent;
  const full = (host: string): string => resolveHost(host, namespace, domain);
  const rule: RuleRef = { ...intent.rule, host: full(intent.rule.host) };
  switch (intent.type) {
    case 'weights':
      return { ...intent, rule, destinations: intent.destinations.map((one) => ofDestination(one, full)) };
    case 'mirror':
      return { ...intent, rule, mirror: intent.mirror === null ? null : { ...intent.mirror, host: full(intent.mirror.host) } };
    case 'addRule':
      return { ...intent, rule, action: ofAction(intent.action, full) };
    default:
      return { ...intent, rule };
  }
}

const ofDestination = (destination: DestinationEdit, full: (host: string) => string): DestinationEdit => ({
  ...destination,
  host: full(destination.host),
});

const ofAction = (action: ActionEdit, full: (host: string) => string): ActionEdit =>
  action.type === 'route' ? { ...action, destinations: action.destinations.map((one) => ofDestination(one, full)) } : action;
