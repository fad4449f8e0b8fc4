// Namespaces in exportTo that do not exist.
import { Fields } from '../../istio/read/fields';
import { textPlaces } from '../places';
import type { Rule } from '../rule';

export const exportTo: Rule = {
  name: 'export-to',
  codes: ['KIA0005'],
  on: ['VirtualService', 'DestinationRule', 'ServiceEntry'],
  reads: ['Namespace'],
  *check({ index, object }) {
    const { namespaces } = index.inventory;
    // Namespaces that may not be read are not missing.
    if (namespaces.size === 0) return;
    for (const { text, path } of textPlaces(Fields.ofSpec(object), 'exportTo')) {
      if (text === '*' || text === '.' || text === '~' || namespaces.has(text)) continue;
      yield {
        code: 'KIA0005',
        path,
        message: `namespace ${text} does not exist`,
        consequence: 'nobody gets the object through this entry',
      };
    }
  },
};
