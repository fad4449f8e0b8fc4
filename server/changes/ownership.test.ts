// Whose an object is, by the marks that each tool leaves on it.
import { describe, expect, it } from 'vitest';
import type { PlanStep } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import type { JsonObject } from '../../model/inventory';
import type { FieldManager, ManagedObject, OwnerReference } from '../ports';
import { touchedFields } from './field-paths';
import { findOwners } from './ownership';

const REF: ConfigRef = { kind: 'VirtualService', namespace: 'shop', name: 'web' };
const manager = (
  name: string,
  operation: 'Apply' | 'Update' = 'Update',
  fields: JsonObject = { 'f:spec': { 'f:http': {} } },
): FieldManager => ({
  manager: name,
  operation,
  subresource: '',
  timeMs: 1,
  fields,
});
function object(part: {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managers?: readonly FieldManager[];
  readonly owners?: readonly OwnerReference[];
}): ManagedObject {
  const { labels = {}, annotations = {}, managers = [], owners = [] } = part;
  const meta = { cluster: 'c', namespace: 'shop', name: 'web', uid: 'u', resourceVersion: '1', createdAtMs: 0, labels, annotations };
  const apiVersion = 'networking.istio.io/v1';
  return {
    ref: REF,
    object: { ...meta, apiVersion, kind: 'VirtualService', generation: 1, spec: {}, status: null },
    manifest: { apiVersion, kind: 'VirtualService', metadata: { name: 'web', namespace: 'shop' }, spec: {} },
    managedFields: managers,
    ownerReferences: owners,
  };
}
const STEP: Pick<PlanStep, 'action' | 'patch'> = {
  action: 'update',
  patch: [{ op: 'replace', path: '/spec/http/0/route/0/weight', value: 1 }],
};
const owner = (kind: string, apiVersion: string, controller: boolean): OwnerReference => ({ kind, apiVersion, name: 'web', controller });

describe('an object belongs to', () => {
  it.each<readonly [string, Parameters<typeof object>[0], string, string, boolean]>([
    [
      'Argo CD by its annotation',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:networking.istio.io/VirtualService:shop/web' } },
      'argocd',
      'Argo CD application shop',
      true,
    ],
    ['Argo CD by its label', { labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'argocd', 'Argo CD application shop', true],
    [
      'Argo CD by a shared label that it wrote',
      { labels: { 'app.kubernetes.io/instance': 'shop' }, managers: [manager('argocd-controller')] },
      'argocd',
      'Argo CD application shop',
      true,
    ],
    [
      'a Kustomization of Flux',
      { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' } },
      'flux',
      'Flux Kustomization flux/apps',
      true,
    ],
    [
      'a HelmRelease of Flux',
      {
        labels: { 'helm.toolkit.fluxcd.io/name': 'apps', 'helm.toolkit.fluxcd.io/namespace': 'flux' },
        annotations: { 'meta.helm.sh/release-name': 'apps' },
      },
      'flux',
      'Flux HelmRelease flux/apps',
      true,
    ],
    [
      'Flux that was told to leave it',
      { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' }, annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' } },
      'flux',
      'Flux Kustomization /apps',
      false,
    ],
    ['Argo Rollouts by its writes', { managers: [manager('rollouts-controller')] }, 'argoRollouts', 'Argo Rollouts', true],
    [
      'a Rollout by its annotation',
      { annotations: { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'reviews' } },
      'argoRollouts',
      'Rollout shop/reviews',
      true,
    ],
    ['a Canary of Flagger', { owners: [owner('Canary', 'flagger.app/v1beta1', true)] }, 'flagger', 'Flagger Canary web', true],
    ['Flagger by its writes', { managers: [manager('flagger')] }, 'flagger', 'Flagger', true],
    ['its controller', { owners: [owner('Ingress', 'networking.k8s.io/v1', true)] }, 'controller', 'Ingress web', true],
    [
      'a Helm release',
      { annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'apps' } },
      'helm',
      'Helm release apps/shop',
      false,
    ],
    ['who applies the fields', { managers: [manager('terraform', 'Apply')] }, 'manager', 'field manager terraform', true],
    ['who wrote the fields', { managers: [manager('some-operator')] }, 'manager', 'field manager some-operator', false],
  ])('%s', (_name, part, kind, name, locked) => {
    expect(findOwners(REF, object(part), [STEP])).toMatchObject([{ owner: kind, name, locked, ref: REF }]);
  });

  it.each<readonly [string, Parameters<typeof object>[0]]>([
    ['new', {}],
    ['written by hand', { managers: [manager('kubectl-client-side-apply'), manager('kubectl-edit'), manager('heddle'), manager('kiali')] }],
    ['labelled by a shared label alone', { labels: { 'app.kubernetes.io/instance': 'shop' } }],
    ['owned, but controlled by nobody', { owners: [owner('Service', 'v1', false)] }],
    ['managed by others elsewhere', { managers: [manager('terraform', 'Apply', { 'f:spec': { 'f:hosts': {} } })] }],
    ['given a status by istiod', { managers: [{ ...manager('pilot-discovery'), subresource: 'status' }] }],
  ])('nobody when it is %s', (_name, part) => {
    expect(findOwners(REF, object(part), [STEP])).toEqual([]);
  });

  it('nobody when it is not there', () => {
    expect(findOwners(REF, null, [STEP])).toEqual([]);
  });

  it('whoever manages any of it, when it is deleted', () => {
    const found = findOwners(REF, object({ managers: [manager('terraform', 'Apply', { 'f:spec': { 'f:hosts': {} } })] }), [
      { action: 'delete', patch: [] },
    ]);
    expect(found).toMatchObject([{ name: 'field manager terraform', locked: true }]);
  });
});

describe('fields', () => {
  const fields: JsonObject = {
    'f:metadata': { 'f:annotations': { '.': {}, 'f:example.com/a': {} } },
    'f:spec': { 'f:hosts': {}, 'f:http': { 'k:{"name":"main"}': { 'f:timeout': {} } }, 'f:tls': { 'f:mode': {} } },
  };
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['a leaf', ['/spec/hosts/0'], ['spec.hosts']],
    ['a part of it', ['/spec/tls'], ['spec.tls']],
    ['an item by its key', ['/spec/http/3/timeout'], ['spec.http.timeout']],
    ['another field of an item', ['/spec/http/3/retries'], []],
    ['a field with a slash in its name', ['/metadata/annotations/example.com~1a'], ['metadata.annotations.example.com/a']],
    ['another field', ['/spec/gateways', '/metadata/labels/x'], []],
    ['two', ['/spec/hosts', '/spec/tls/mode'], ['spec.hosts', 'spec.tls.mode']],
  ])('of a manager are touched by a patch of %s', (_name, pointers, expected) => {
    expect(touchedFields(fields, pointers)).toEqual(expected);
  });
});
