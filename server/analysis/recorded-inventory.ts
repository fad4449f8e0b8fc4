// For tests: an inventory that writes down which parts of it a rule reads. In: Inventory. Out: the same, watched.
import type { ConfigKind, Inventory } from '../../model/inventory';
import type { Input } from './rule';

/** An inventory that writes down which parts of it are read. */
export function recorded(inventory: Inventory, seen: Set<Input>): Inventory {
  const note = <T extends object>(part: T, input: Input): T =>
    new Proxy(part, {
      get: (target, name) => {
        seen.add(input);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  const config = new Proxy(inventory.config, {
    get: (target, name) =>
      name === 'get'
        ? (kind: ConfigKind) => {
            seen.add(kind);
            return target.get(kind);
          }
        : (() => {
            throw new Error(`a rule asks for all of the configuration (${String(name)})`);
          })(),
  });
  return {
    ...inventory,
    namespaces: note(inventory.namespaces, 'Namespace'),
    services: note(inventory.services, 'Service'),
    workloads: note(inventory.workloads, 'Workload'),
    pods: note(inventory.pods, 'Pod'),
    ...(inventory.secretNames === undefined ? {} : { secretNames: note(inventory.secretNames, 'Secret') }),
    config,
  };
}
