// Tests of small pure parts of the pages: addresses, kinds, templates, copies, conditions, services that an object names.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configHref, newConfigHref } from '../ui/config-address';
import { decodeConfigAddress, decodeKind, kubernetesKind, wordRef } from './config-kinds';
import { copyText } from './copy-text';
import { prepareSchema } from './editor/object-schema';
import { TextReader } from './editor/text-report';
import { readService, readServices } from './object-words';
import { REVIEWS, sampleObject } from './sample-config';
import { buildTemplate, isTemplateKind, TEMPLATE_KINDS } from './templates';

describe('addresses of objects', () => {
  it('lead to the object and back, of the whole cluster too', () => {
    const refs = [
      REVIEWS,
      { kind: 'GatewayClass', namespace: '', name: 'istio' },
      { kind: 'K8sGateway', namespace: 'a', name: 'x.y' },
    ] as const;
    for (const ref of refs) {
      const [, , kind = '', namespace = '', name = ''] = configHref(ref).split('/').map(decodeURIComponent);
      expect(decodeConfigAddress(kind, namespace, name)).toEqual(ref);
    }
    expect(decodeConfigAddress('Deployment', 'a', 'b')).toBeNull();
    expect(newConfigHref('Sidecar', 'shop')).toBe('/config/new?kind=Sidecar&in=shop');
  });

  it('tell the two kinds of Gateway apart by their API', () => {
    expect(decodeKind('networking.istio.io/v1beta1', 'Gateway')).toBe('Gateway');
    expect(decodeKind('gateway.networking.k8s.io/v1', 'Gateway')).toBe('K8sGateway');
    expect(decodeKind('apps/v1', 'Deployment')).toBeNull();
    expect(kubernetesKind('K8sGateway')).toBe('Gateway');
    expect(wordRef({ kind: 'K8sGateway', namespace: 'a', name: 'b' })).toBe('Gateway (Kubernetes) a/b');
  });
});

describe('templates', () => {
  it('are one object of their kind each, in the namespace, without faults of YAML', () => {
    const reader = new TextReader(prepareSchema({ type: 'object', properties: { apiVersion: {}, kind: {}, metadata: {}, spec: {} } }));
    for (const kind of TEMPLATE_KINDS) {
      const text = buildTemplate({ kind, namespace: 'shop', service: { name: 'cart', port: 8080 } });
      const { problems, identity } = reader.read(text, []);
      expect(problems, kind).toEqual([]);
      expect(decodeKind(identity?.apiVersion ?? '', identity?.kind ?? '')).toBe(kind);
      expect(identity?.namespace).toBe('shop');
    }
    expect(isTemplateKind('GatewayClass')).toBe(false);
  });

  it('are for the service, at the version of the cluster', () => {
    const text = buildTemplate({
      kind: 'TLSRoute',
      namespace: 'shop',
      service: { name: 'cart', port: 8443 },
      apiVersion: 'gateway.networking.k8s.io/v1alpha3',
    });
    expect(parse(text)).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1alpha3',
      spec: { rules: [{ backendRefs: [{ name: 'cart', port: 8443 }] }] },
    });
  });
});

describe('copyText', () => {
  it('takes another name and leaves what belongs to the first object', () => {
    const yaml = `apiVersion: a/v1
kind: A
metadata:
  name: cart
  uid: 1-2
  ownerReferences:
    - name: x
      kind: Y
  resourceVersion: "7"
  labels:
    name: cart
spec:
  name: cart
status:
  name: gone
`;
    expect(parse(copyText(yaml, 'cart'))).toEqual({
      apiVersion: 'a/v1',
      kind: 'A',
      metadata: { name: 'cart-copy', labels: { name: 'cart' } },
      spec: { name: 'cart' },
    });
  });
});

describe('services of an object', () => {
  it('are read from hosts in every form, and nothing from what is no service', () => {
    expect(readService('reviews', 'bookinfo')).toEqual({ namespace: 'bookinfo', name: 'reviews' });
    expect(readService('reviews.shop.svc.cluster.local', 'bookinfo')).toEqual({ namespace: 'shop', name: 'reviews' });
    expect(readService('reviews.shop', 'bookinfo')).toEqual({ namespace: 'shop', name: 'reviews' });
    for (const host of ['*.example.com', '10.0.0.1', 'api.example.com', '']) expect(readService(host, 'bookinfo'), host).toBeNull();
  });

  it('are each named once', () => {
    const yaml =
      'spec:\n  http:\n    - route:\n        - destination:\n            host: reviews\n        - destination:\n            host: "reviews"\n';
    expect(readServices(sampleObject({ yaml }))).toEqual([{ namespace: 'bookinfo', name: 'reviews' }]);
    const route = 'spec:\n  rules:\n    - backendRefs:\n        - name: cart\n          port: 80\n';
    expect(readServices({ ref: { kind: 'HTTPRoute', namespace: 'shop', name: 'r' }, yaml: route })).toEqual([
      { namespace: 'shop', name: 'cart' },
    ]);
  });
});
