// Server-side apply and Update tracking: ownership, merging, pruning, conflicts.
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../kinds/kind-registry';
import { type KubeObject, withMetadata } from '../object';
import { StatusError } from '../status-error';
import { applyConfiguration, type FieldWriter, trackUpdate } from './managed-fields';

const registry = new KindRegistry();

function writerFor(apiVersion: string, kind: string, manager: string, subresource = ''): FieldWriter {
  const found = registry.findByKind(apiVersion, kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return { manager, apiVersion, subresource, time: '2026-03-01T12:00:00Z', schema: found.schema(), statusApart: true };
}

const deployment = (spec: unknown, metadata: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'n', ...metadata },
  spec,
});
const virtualService = (spec: unknown): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'v', namespace: 'n' },
  spec,
});
const containers = (...items: readonly unknown[]) => ({ template: { spec: { containers: items } } });
const apps = (manager: string, subresource = '') => writerFor('apps/v1', 'Deployment', manager, subresource);
const istio = (manager: string) => writerFor('networking.istio.io/v1', 'VirtualService', manager);

function ownersOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const entries = (object.metadata.managedFields ?? []).map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1] as const);
  return Object.fromEntries(entries);
}

function conflictOf(act: () => unknown): StatusError {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('no conflict was raised');
}

describe('server-side apply', () => {
  it('records associative lists by their keys, with the default of a missing key', () => {
    const applied = deployment(containers({ name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] }), { labels: { team: 'x' } });
    const result = applyConfiguration(undefined, applied, apps('one'), false);
    expect(ownersOf(result)).toEqual({
      'one Apply': {
        'f:metadata': { 'f:labels': { 'f:team': {} } },
        'f:spec': {
          'f:template': {
            'f:spec': {
              'f:containers': {
                'k:{"name":"a"}': {
                  '.': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                },
              },
            },
          },
        },
      },
    });
  });

  it('merges another manager’s items and removes what its owner no longer applies', () => {
    const first = applyConfiguration(
      undefined,
      deployment(containers({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' })),
      apps('one'),
      false,
    );
    const second = applyConfiguration(first, deployment(containers({ name: 'c', image: 'c:1' })), apps('two'), false);
    expect(second['spec']).toEqual(containers({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' }, { name: 'c', image: 'c:1' }));
    const third = applyConfiguration(second, deployment(containers({ name: 'b' })), apps('one'), false);
    expect(third['spec']).toEqual(containers({ name: 'b' }, { name: 'c', image: 'c:1' }));
    const fourth = applyConfiguration(third, deployment({}), apps('two'), false);
    expect(fourth['spec']).toEqual(containers({ name: 'b' }));
  });

  it('removes a container that becomes empty, keeps what others own in it', () => {
    const first = applyConfiguration(undefined, deployment({ replicas: 2 }, { labels: { a: '1', b: '2' } }), apps('one'), false);
    const shared = applyConfiguration(first, deployment({}, { labels: { b: '2' } }), apps('two'), false);
    const dropped = applyConfiguration(shared, deployment({}), apps('one'), false);
    expect(dropped.metadata.labels).toEqual({ b: '2' });
    expect(dropped['spec']).not.toHaveProperty('replicas');
    const bare = applyConfiguration(dropped, deployment({}), apps('two'), false);
    expect(bare.metadata.labels).toBeUndefined();
  });

  it('treats lists of Istio CRDs as one value', () => {
    const live = applyConfiguration(undefined, virtualService({ hosts: ['a'], http: [{ name: 'x' }] }), istio('one'), false);
    const error = conflictOf(() => applyConfiguration(live, virtualService({ hosts: ['a', 'b'] }), istio('two'), false));
    expect(error.code).toBe(409);
    expect(error.message).toBe('Apply failed with 1 conflict: conflict with "one": .spec.hosts');
    expect(error.status.details?.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.hosts' },
    ]);
  });

  it('groups several conflicts by manager and lets force take the fields', () => {
    const live = applyConfiguration(undefined, deployment({ replicas: 1, ...containers({ name: 'a', image: 'a:1' }) }), apps('one'), false);
    const updated: KubeObject = { ...live, spec: { ...containers({ name: 'a', image: 'a:1' }), replicas: 3 } };
    const scaled = withMetadata(updated, { managedFields: trackUpdate(live, updated, apps('scaler')) });
    const wanted = deployment({ replicas: 5, ...containers({ name: 'a', image: 'a:9' }) });
    const error = conflictOf(() => applyConfiguration(scaled, wanted, apps('two'), false));
    expect(error.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.template.spec.containers[name="a"].image\nconflicts with "scaler" using apps/v1:\n- .spec.replicas',
    );
    const forced = applyConfiguration(scaled, wanted, apps('two'), true);
    expect(forced['spec']).toEqual({ replicas: 5, ...containers({ name: 'a', image: 'a:9' }) });
    expect(Object.keys(ownersOf(forced)).sort()).toEqual(['one Apply', 'two Apply']);
    expect(JSON.stringify(ownersOf(forced)['one Apply'])).not.toContain('f:image');
  });

  it('shares a field that is applied with the same value', () => {
    const live = applyConfiguration(undefined, deployment({ replicas: 2 }), apps('one'), false);
    const shared = applyConfiguration(live, deployment({ replicas: 2 }), apps('two'), false);
    expect(ownersOf(shared)).toEqual({ 'one Apply': { 'f:spec': { 'f:replicas': {} } }, 'two Apply': { 'f:spec': { 'f:replicas': {} } } });
  });

  it('gives an object nobody is recorded for to before-first-apply', () => {
    const error = conflictOf(() =>
      applyConfiguration(virtualService({ hosts: ['a'] }), virtualService({ hosts: ['b'] }), istio('two'), false),
    );
    expect(error.message).toContain('conflict with "before-first-apply" using networking.istio.io/v1: .spec.hosts');
  });

  it('keeps the status out of a write to the object, and the object out of a write to the status', () => {
    const live = { ...applyConfiguration(undefined, deployment({ replicas: 1 }), apps('one'), false), status: { replicas: 1 } };
    const applied = applyConfiguration(live, { ...deployment({ replicas: 1 }), status: { replicas: 9 } }, apps('one'), false);
    expect(applied['status']).toEqual({ replicas: 1 });
    const status = applyConfiguration(
      live,
      { ...deployment({ replicas: 9 }), status: { replicas: 2 } },
      apps('controller', 'status'),
      false,
    );
    expect(status).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 2 } });
    expect(status.metadata.managedFields?.map((entry) => entry.subresource)).toEqual(['status', undefined]);
  });

  it('keeps the time of an apply that changes nothing', () => {
    const live = applyConfiguration(undefined, deployment({ replicas: 2 }), apps('one'), false);
    const again = applyConfiguration(live, deployment({ replicas: 2 }), { ...apps('one'), time: '2027-01-01T00:00:00Z' }, false);
    expect(again).toEqual(live);
  });
});

describe('trackUpdate', () => {
  it('gives the writer what it changed and takes it from all others', () => {
    const created = virtualService({ hosts: ['a'], gateways: ['g'] });
    const first = withMetadata(created, { managedFields: trackUpdate(undefined, created, istio('maker')) });
    expect(ownersOf(first)).toEqual({ 'maker Update': { 'f:spec': { '.': {}, 'f:hosts': {}, 'f:gateways': {} } } });
    const changed: KubeObject = { ...first, spec: { hosts: ['b'] } };
    const second = withMetadata(changed, { managedFields: trackUpdate(first, changed, istio('editor')) });
    expect(ownersOf(second)).toEqual({ 'maker Update': { 'f:spec': {} }, 'editor Update': { 'f:spec': { 'f:hosts': {} } } });
  });

  it('starts from the managedFields the writer sends, and empties them for [{}]', () => {
    const created = virtualService({ hosts: ['a'] });
    const live = withMetadata(created, { managedFields: trackUpdate(undefined, created, istio('maker')) });
    const emptied = withMetadata(live, { managedFields: [{}] });
    expect(trackUpdate(live, emptied, istio('editor'))).toEqual([]);
    const kept = withMetadata(live, { managedFields: [] });
    expect(trackUpdate(live, kept, istio('editor'))).toEqual(live.metadata.managedFields);
  });
});
