// Hosts of DestinationRules that no registry knows.
import { isWildcardHost } from '../../istio/names';
import { readDestinationRule } from '../../istio/read/destination-rule';
import { servicesForHost } from '../../istio/services';
import { hostOfRule, isKnownHost } from '../audience';
import { writeAt } from '../fixes';
import type { Rule } from '../rule';

export const destinationRuleHost: Rule = {
  name: 'destination-rule-host',
  codes: ['IST0174'],
  on: ['DestinationRule'],
  reads: ['Service', 'ServiceEntry'],
  *check(subject) {
    const { index, object } = subject;
    const view = readDestinationRule(object);
    const host = hostOfRule(index, view);
    if (
      host === '' ||
      host.endsWith('.clusterset.local') ||
      host === `*.${index.domain.split('.').at(-1) ?? ''}` ||
      isKnownHost(index, host)
    )
      return;
    const near = [`${view.host}.${index.domain}`, `${view.host}.svc.${index.domain}`].find(
      (each) => servicesForHost(index, each).length > 0,
    );
    yield {
      code: 'IST0174',
      path: 'spec.host',
      message: isWildcardHost(host)
        ? `host ${host} means no Service and no ServiceEntry`
        : `host ${host} is no Service and no ServiceEntry`,
      consequence: 'its subsets and its traffic policy have no effect',
      fix: near === undefined ? null : writeAt(subject, `Write ${near}`, 'spec.host', near),
    };
  },
};
