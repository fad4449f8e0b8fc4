// Suppressions on objects that cannot be read.
import { CONFIG_KINDS } from '../../../model/inventory';
import type { Rule } from '../rule';
import { readSuppressions, SUPPRESS_ANNOTATION } from '../suppression';

export const suppression: Rule = {
  name: 'suppression',
  codes: ['HED0011'],
  on: CONFIG_KINDS,
  reads: [],
  *check({ object }) {
    for (const text of readSuppressions(object).unreadable)
      yield {
        code: 'HED0011',
        path: `metadata.annotations["${SUPPRESS_ANNOTATION}"]`,
        message: `"${text}" is no suppression; one reads IST0130=reason;until=2027-01-31`,
        consequence: 'it suppresses nothing',
      };
  },
};
