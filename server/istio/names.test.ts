// Host names: short names, wildcards, which is more specific.
import { describe, expect, it } from 'vitest';
import { isInBlock } from './addresses';
import { hostsOverlap, intersectHosts, isHostWithin, pickDomain, resolveGatewayName, resolveHost } from './names';
import { decodeServicePortProtocol } from './port-protocol';
import { decodeDurationMs } from './read/fields';
import { describeMatch, matchesPath, matchesText } from './text-match';

describe('short host names', () => {
  it.each([
    ['reviews', 'reviews.a.svc.cluster.local'],
    ['reviews.b', 'reviews.b'],
    ['*', '*'],
    ['*.com', '*.com'],
    ['10.0.0.1', '10.0.0.1'],
    ['fd00::1', 'fd00::1'],
  ])('%s -> %s', (host, expected) => expect(resolveHost(host, 'a', 'cluster.local')).toBe(expected));

  it.each([
    ['gw', 'a/gw'],
    ['b/gw', 'b/gw'],
    ['./gw', 'a/gw'],
    ['gw.b', 'b/gw'],
    ['gw.b.svc.cluster.local', 'b/gw'],
    ['mesh', 'mesh'],
  ])('gateway %s -> %s', (name, expected) => expect(resolveGatewayName(name, 'a')).toBe(expected));
});

describe('host comparison', () => {
  it.each([
    ['*.foo.com', 'foo.com', false],
    ['*.foo.com', 'a.foo.com', true],
    ['*.foo.com', '*.com', true],
    ['*', 'a', true],
    ['a.com', 'b.com', false],
  ])('%s overlaps %s: %s', (a, b, expected) => {
    expect(hostsOverlap(a, b)).toBe(expected);
    expect(hostsOverlap(b, a)).toBe(expected);
  });

  it('is within in one direction only', () => {
    expect(isHostWithin('a.foo.com', '*.foo.com')).toBe(true);
    expect(isHostWithin('*.foo.com', 'a.foo.com')).toBe(false);
    expect(isHostWithin('*.foo.com', '*.com')).toBe(true);
    expect(isHostWithin('*.com', '*.foo.com')).toBe(false);
  });

  it('intersects to the narrower host', () => {
    expect(intersectHosts(['*.foo.com'], ['a.foo.com', 'b.com'])).toEqual(['a.foo.com']);
    expect(intersectHosts(['a.foo.com', 'b.foo.com'], ['*.foo.com'])).toEqual(['a.foo.com', 'b.foo.com']);
    expect(intersectHosts(['*'], ['*'])).toEqual(['*']);
    expect(intersectHosts(['x.com'], ['y.com'])).toEqual([]);
  });

  it('files a host as Envoy does: exact, longest suffix, *', () => {
    const domains = ['*', '*.com', '*.foo.com', 'a.foo.com'];
    expect(pickDomain('a.foo.com', domains)).toBe('a.foo.com');
    expect(pickDomain('b.foo.com', domains)).toBe('*.foo.com');
    expect(pickDomain('foo.com', domains)).toBe('*.com');
    expect(pickDomain('x.org', domains)).toBe('*');
    expect(pickDomain('x.org', ['*.com'])).toBeNull();
  });
});

describe('text matches', () => {
  it('matches regexes over the whole text, with RE2', () => {
    expect(matchesText({ kind: 'regex', value: 'a+' }, 'aaa')).toBe(true);
    expect(matchesText({ kind: 'regex', value: 'a+' }, 'aab')).toBe(false);
  });

  it('never throws on a regex that RE2 refuses, and says so', () => {
    const bad = { kind: 'regex', value: '(?=x)a[' } as const;
    expect(matchesText(bad, 'a')).toBe(false);
    expect(describeMatch(bad)).toContain('invalid');
  });

  it.each([
    ['prefix', '/foo', '/foobar', false, true],
    ['segments', '/foo', '/foobar', false, false],
    ['segments', '/foo', '/foo', false, true],
    ['segments', '/foo', '/foo/bar', false, true],
    ['prefix', '/FOO', '/foo/x', true, true],
    ['exact', '/FOO', '/foo', true, true],
    ['exact', '/FOO', '/foo', false, false],
    ['regex', '/FOO', '/foo', true, false],
    ['present', '', '/x', false, true],
  ] as const)('%s %s against %s (ignore case %s): %s', (kind, value, path, ignoreCase, expected) =>
    expect(matchesPath({ kind, value }, path, ignoreCase)).toBe(expected),
  );
});

it.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.4/31', false],
  ['10.1.2.3', '0.0.0.0/0', true],
  ['10.1.2.3', 'nonsense', false],
  ['10.1.2.3', '10.0.0.0/99', false],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['::ffff:10.0.0.1', '::ffff:a00:1', true],
  ['10.0.0.1', '::/0', false],
])('%s in %s: %s', (address, block, expected) => expect(isInBlock(address, block)).toBe(expected));

it.each([
  ['1.5s', 1500],
  ['1h2m', 3_720_000],
  ['10ms', 10],
  ['0s', 0],
  ['5', null],
  ['s', null],
  ['1s x', null],
])('duration %s = %s ms', (text, expected) => expect(decodeDurationMs(text)).toBe(expected));

it.each([
  [80, 'http', 'TCP', null, 'http'],
  [80, 'http-web', 'TCP', null, 'http'],
  [80, 'grpc-web-x', 'TCP', null, 'http'],
  [80, 'web', 'TCP', null, 'auto'],
  [3306, 'db', 'TCP', null, 'tcp'],
  [3306, 'http', 'TCP', null, 'http'],
  [80, 'http', 'UDP', null, 'udp'],
  [80, 'tcp', 'TCP', 'kubernetes.io/h2c', 'http'],
  [443, 'https', 'TCP', null, 'tls'],
  [443, 'x', 'TCP', 'kubernetes.io/wss', 'tls'],
  [6379, 'redis-main', 'TCP', null, 'tcp'],
] as const)('port %s named %s over %s with appProtocol %s speaks %s', (port, name, transport, appProtocol, expected) =>
  expect(decodeServicePortProtocol(port, name, transport, appProtocol)).toBe(expected),
);
