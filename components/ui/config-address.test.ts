// Tests of addresses of configuration: a place in an object with the way back, and that only services are gone back to.
import { expect, it } from 'vitest';
import { configPlaceHref, readBack, routingHref } from './config-address';

it('keeps the field and the way back in the address', () => {
  const ref = { kind: 'GatewayClass', namespace: '', name: 'istio' } as const;
  expect(configPlaceHref(ref, '')).toBe('/config/GatewayClass/-/istio');
  const query = new URL(configPlaceHref(ref, 'spec.a[0]', '/services/a/b'), 'http://console.invalid').searchParams;
  expect([query.get('at'), query.get('back')]).toEqual(['spec.a[0]', '/services/a/b']);
});

it('goes back to services only, since anybody can write an address', () => {
  expect(readBack(routingHref('bookinfo', 'reviews'))).toEqual({ href: '/services/bookinfo/reviews?tab=routing', service: 'reviews' });
  for (const text of [
    '',
    'https://evil.example',
    '//evil.example/services/a/b',
    '/services/a/b/../../x',
    'javascript:alert(1)',
    '/services/a',
    '/services/a/b?tab=routing&x=1',
  ])
    expect(readBack(text), text).toBeNull();
});
