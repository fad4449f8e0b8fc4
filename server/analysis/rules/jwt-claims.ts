// Routing by claims of a token where no RequestAuthentication reads one.

import type { PodInfo } from '../../../model/inventory';
import { selects } from '../../istio/labels';
import type { MeshIndex } from '../../istio/mesh-index';
import { GATEWAY_NAME_LABEL } from '../../istio/proxies';
import { Fields } from '../../istio/read/fields';
import { readVirtualService } from '../../istio/read/virtual-service';
import { proxiesOfGateway } from '../gateway-pods';
import type { Rule } from '../rule';

export const jwtClaims: Rule = {
  name: 'jwt-claims',
  codes: ['IST0149'],
  on: ['VirtualService'],
  reads: ['RequestAuthentication', 'Gateway', 'Pod'],
  *check({ index, object }) {
    const view = readVirtualService(object);
    for (const rule of view.http)
      for (const match of rule.matches) {
        const claim = [...match.headers, ...match.withoutHeaders].find(([name]) => name.startsWith('@request.auth.claims'));
        if (claim === undefined) continue;
        const gateways = (match.gateways.length > 0 ? match.gateways : view.gateways).filter((gateway) => gateway !== 'mesh');
        const [name] = claim;
        const consequence = 'the match never holds: the requests are taken by later rules, or answered 404 (NR, no route)';
        if (gateways.length === 0) {
          yield {
            code: 'IST0149',
            path: `${match.path}.headers`,
            message: `${name} is read by gateways only, and the rule is for the mesh`,
            consequence,
          };
          continue;
        }
        for (const gateway of gateways) {
          const pods = proxiesOfGateway(index, gateway);
          if (pods === null || pods.some((pod) => readsTokens(index, pod))) continue;
          yield {
            code: 'IST0149',
            path: `${match.path}.headers`,
            message: `no RequestAuthentication reads tokens at gateway ${gateway}, and the rule asks for ${name}`,
            consequence,
          };
        }
      }
  },
};

function readsTokens(index: MeshIndex, pod: PodInfo): boolean {
  const root = index.inventory.mesh.rootNamespace;
  return [...new Set([pod.namespace, root])].some((namespace) =>
    index.objectsIn('RequestAuthentication', namespace).some((object) => {
      const spec = Fields.ofSpec(object);
      if (spec.objects('jwtRules').length === 0) return false;
      const refs = [spec.object('targetRef'), ...spec.objects('targetRefs')].filter((ref) => ref !== null);
      if (refs.length > 0) return refs.some((ref) => ref.text('name') === pod.labels[GATEWAY_NAME_LABEL]);
      return selects(spec.object('selector')?.labels('matchLabels') ?? {}, pod.labels);
    }),
  );
}
