// Which series may be named to readers of some namespaces.
import { describe, expect, it } from 'vitest';
import { mayBeNamed } from './who-sees';

describe('mayBeNamed', () => {
  const sight = ['shop'];
  it('lets everything be seen by those who see everything', () => {
    expect(mayBeNamed({ source_workload: 'a', source_workload_namespace: 'vault' }, null)).toBe(true);
  });
  it.each([
    [{ source_workload: 'a', source_workload_namespace: 'shop', response_code: '200' }, true],
    [{ source_workload: 'a', source_workload_namespace: 'vault' }, false],
    [{ source_workload: 'a' }, false],
    [{ source_workload: 'unknown', source_workload_namespace: 'unknown' }, true],
    [{ destination_service: 'a.shop.svc.cluster.local' }, true],
    [{ destination_service: 'a.vault.svc.cluster.local' }, false],
    [{ destination_service: 'api.example.com' }, true],
    [{ destination_service_name: 'a' }, false],
    [{ source_principal: 'spiffe://cluster.local/ns/vault/sa/x' }, false],
    [{ pod: 'a', namespace: 'shop' }, true],
    [{ pod: 'a', namespace: 'vault' }, false],
    [{ le: '5', type: 'cds' }, true],
    [{}, true],
  ])('%j: %s', (labels, seen) => {
    expect(mayBeNamed(labels as Record<string, string>, sight)).toBe(seen);
  });
});
