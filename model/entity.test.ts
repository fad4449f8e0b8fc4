// Names of pages and their addresses: every entity has one, and it is read back.
import { describe, expect, it } from 'vitest';
import { buildEntityPath, ENTITY_KINDS, ENTITY_PATHS, readEntityPath } from './entity';

describe('addresses of pages', () => {
  it('name the kind, the namespace and the name', () => {
    expect(buildEntityPath({ kind: 'workload', namespace: 'bookinfo', name: 'reviews-v1' })).toBe('/workloads/bookinfo/reviews-v1');
    expect(buildEntityPath({ kind: 'service', namespace: 'a', name: 'b' }, 'logs')).toBe('/services/a/b?tab=logs');
    expect(buildEntityPath({ kind: 'service', namespace: 'a', name: 'b' }, 'overview')).toBe('/services/a/b');
  });

  it('name a namespace once', () => {
    expect(buildEntityPath({ kind: 'namespace', namespace: 'bookinfo', name: 'bookinfo' })).toBe('/namespaces/bookinfo');
  });

  it('keep hostile names in one part', () => {
    expect(buildEntityPath({ kind: 'app', namespace: 'a/..', name: 'x?y#z' })).toBe('/applications/a%2F../x%3Fy%23z');
  });

  it('are read back to the kind', () => {
    for (const kind of ENTITY_KINDS) expect(readEntityPath(ENTITY_PATHS[kind])).toBe(kind);
    expect(readEntityPath('pods')).toBeNull();
  });
});
