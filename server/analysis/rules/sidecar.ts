// Sidecars that import hosts which no registry knows.

import { isWildcardHost } from '../../istio/names';
import { Fields } from '../../istio/read/fields';
import { isKnownHost } from '../audience';
import { textPlaces } from '../places';
import type { Rule } from '../rule';

export const sidecar: Rule = {
  name: 'sidecar',
  codes: ['IST0101'],
  on: ['Sidecar'],
  reads: ['Service', 'ServiceEntry'],
  *check({ index, object }) {
    for (const egress of Fields.ofSpec(object).objects('egress'))
      for (const { text, path } of textPlaces(egress, 'hosts')) {
        const slash = text.indexOf('/');
        const host = text.slice(slash + 1).toLowerCase();
        if (slash < 0 || text.startsWith('~') || isWildcardHost(host) || isKnownHost(index, host)) continue;
        yield {
          code: 'IST0101',
          alias: 'KIA1004',
          severity: 'warning',
          path,
          message: `host ${host} is no Service and no ServiceEntry`,
          consequence: 'the entry imports nothing',
        };
      }
  },
};
