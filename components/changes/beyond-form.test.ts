// Tests of what the forms cannot hold: nothing of a plain rule, each unknown place of a rich one, with its path in the object.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/inventory';
import { listBeyondForm } from './beyond-form';
import { sampleRef, sampleRule } from './sample-routing';

const placesOf = (raw: JsonObject, change: Parameters<typeof sampleRule>[1] = {}): readonly string[] =>
  listBeyondForm(sampleRule(1, { raw, ...change })).map(({ place }) => place);

describe('what the forms cannot hold', () => {
  it('is nothing of a rule that the forms show whole', () => {
    const raw = {
      name: 'canary',
      match: [{ uri: { prefix: '/' }, method: { exact: 'GET' }, headers: { 'end-user': { exact: 'jason' } }, gateways: ['mesh'] }],
      route: [{ destination: { host: 'reviews', subset: 'v1', port: { number: 9080 } }, weight: 100 }],
      timeout: '2s',
      retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx' },
      fault: { delay: { fixedDelay: '1s', percentage: { value: 5 } } },
      mirror: { host: 'reviews', subset: 'v2' },
      headers: { request: { set: { a: 'b' } } },
    };
    expect(placesOf(raw)).toEqual([]);
  });

  it('names each place, and its path in the object', () => {
    const raw = {
      match: [{ uri: { prefix: '/' } }, { withoutHeaders: { debug: {} }, ignoreUriCase: true, method: { regex: 'P.*' } }],
      route: [{ destination: { host: 'reviews' }, headers: { request: {} } }],
      retries: { attempts: 1, retryRemoteLocalities: true },
      redirect: { uri: '/a' },
    };
    expect(placesOf(raw)).toEqual([
      'match[1].withoutHeaders',
      'match[1].ignoreUriCase',
      'match[1].method.regex',
      'route[0].headers',
      'retries.retryRemoteLocalities',
      'redirect',
    ]);
    expect(listBeyondForm(sampleRule(1, { raw }))[0]?.path).toBe('spec.http[1].match[1].withoutHeaders');
  });

  it('counts mirrors beyond the first, and a list beside a single one', () => {
    const mirror = { destination: { host: 'a' } };
    expect(placesOf({ mirrors: [mirror] })).toEqual([]);
    expect(placesOf({ mirrors: [mirror, mirror] })).toEqual(['mirrors']);
    expect(placesOf({ mirror: { host: 'a' }, mirrors: [mirror] })).toEqual(['mirrors']);
  });

  it('reads rules of the Gateway API by their own fields', () => {
    const rule = sampleRef(0, { kind: 'HTTPRoute', namespace: 'bookinfo', name: 'reviews' });
    const raw = {
      matches: [{ path: { value: '/' } }],
      backendRefs: [{ name: 'reviews', port: 9080, filters: [] }],
      filters: [{ type: 'ExtensionRef', extensionRef: { name: 'x' } }],
      sessionPersistence: { sessionName: 's' },
    };
    expect(listBeyondForm(sampleRule(0, { raw, rule })).map(({ path }) => path)).toEqual([
      'spec.rules[0].backendRefs[0].filters',
      'spec.rules[0].filters[0].extensionRef',
      'spec.rules[0].sessionPersistence',
    ]);
  });
});
