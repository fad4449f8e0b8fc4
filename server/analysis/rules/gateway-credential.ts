// Certificates of Gateways that no Secret holds. Only the names of Secrets are known, and only where the console is allowed to list them;
// else nothing is said. Istio's Gateways look in the namespace of the proxy, those of the Gateway API in their own.

import type { PodInfo } from '../../../model/inventory';
import { isEmpty } from '../../istio/labels';
import { Fields } from '../../istio/read/fields';
import { readGateway } from '../../istio/read/gateway';
import { proxiesSelected } from '../gateway-pods';
import type { Report, Rule, Subject } from '../rule';

export const gatewayCredential: Rule = {
  name: 'gateway-credential',
  codes: ['IST0101'],
  on: ['Gateway', 'K8sGateway'],
  reads: ['Secret', 'Pod'],
  *check(subject) {
    const { secretNames } = subject.index.inventory;
    if (secretNames === undefined) return;
    if (subject.kind === 'Gateway') yield* checkServers(subject, secretNames);
    else yield* checkListeners(subject, secretNames);
  },
};

const missing = (path: string, where: string): Report => ({
  code: 'IST0101',
  path,
  message: `there is no Secret ${where}`,
  consequence: 'the listener has no certificate: every TLS connection to its hosts is reset',
});

function* checkServers({ index, object }: Subject, names: ReadonlySet<string>): Generator<Report> {
  const { selector, servers } = readGateway(object);
  const namespaces = isEmpty(selector) ? [] : [...new Set(proxiesSelected(index, selector).map(({ namespace }: PodInfo) => namespace))];
  for (const { tls, pointer } of servers) {
    const name = tls?.credentialName ?? null;
    // Names of another form (kubernetes-gateway://, builtin://) are for others to resolve.
    if (name === null || !/^[a-z0-9.-]+$/.test(name)) continue;
    const [empty] = namespaces.filter((namespace) => !names.has(`${namespace}/${name}`));
    if (empty !== undefined)
      yield { ...missing(`${pointer.path}.tls.credentialName`, `${empty}/${name}, where the gateway's pods look for it`) };
  }
}

function* checkListeners({ object }: Subject, names: ReadonlySet<string>): Generator<Report> {
  for (const listener of Fields.ofSpec(object).objects('listeners'))
    for (const ref of listener.object('tls')?.objects('certificateRefs') ?? []) {
      const [group, kind, name] = [ref.text('group') ?? '', ref.text('kind') ?? 'Secret', ref.text('name') ?? ''];
      const key = `${ref.text('namespace') || object.namespace}/${name}`;
      if (group === '' && kind === 'Secret' && name !== '' && !names.has(key)) yield missing(ref.path, key);
    }
}
