// Which hosts belong to namespaces that a reader may not see: by their name, as the cluster's DNS would read it, and by the addresses of
// pods and services. In: visible namespaces, inventory. Out: isHidden. Source: Kubernetes' DNS specification (name.namespace.svc.domain).
import type { Inventory } from '../../model/inventory';
import { bareAddress, isAddress } from './addresses';

export class Hosts {
  readonly #visible: ReadonlySet<string>;
  readonly #inventory: Inventory | null;
  readonly #isNamespace: (name: string) => boolean;
  #addresses: ReadonlySet<string> | null = null;

  /** `isNamespace`: whether the traffic knows a namespace of that name; the inventory is asked too. */
  constructor(visible: ReadonlySet<string>, inventory: Inventory | null, isNamespace: (name: string) => boolean) {
    this.#visible = visible;
    this.#inventory = inventory;
    this.#isNamespace = isNamespace;
  }

  /** True for the name or address of something in a namespace that may not be seen. */
  isHidden(host: string): boolean {
    if (isAddress(host)) return this.#hiddenAddresses().has(bareAddress(host));
    const labels = host
      .toLowerCase()
      .replace(/:\d{1,5}$/, '')
      .replace(/\.$/, '')
      .split('.');
    // `reviews.bookinfo` is `reviews` in `bookinfo`, unless it is a name of the internet.
    const [, second] = labels;
    if (labels.length === 2 && second !== undefined && !this.#visible.has(second))
      return this.#isNamespace(second) || this.#inventory?.namespaces.has(second) === true;
    for (let i = 2; i < labels.length; i++) {
      const namespace = labels[i - 1] ?? '';
      if ((labels[i] === 'svc' || labels[i] === 'pod') && !this.#visible.has(namespace)) return true;
    }
    return false;
  }

  #hiddenAddresses(): ReadonlySet<string> {
    if (this.#addresses !== null) return this.#addresses;
    const made = new Set<string>();
    for (const { ip, namespace } of this.#inventory?.pods.values() ?? []) if (!this.#visible.has(namespace)) made.add(ip);
    for (const { clusterIps, namespace } of this.#inventory?.services.values() ?? [])
      if (!this.#visible.has(namespace)) for (const ip of clusterIps) made.add(ip);
    this.#addresses = made;
    return made;
  }
}
