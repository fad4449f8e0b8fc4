// Tests of the fields of a traffic policy: unknown fields stay, empty objects go, a load balancer is one thing.
import { describe, expect, it } from 'vitest';
import { readField, wordPolicyPart, writeField, writePolicyField } from './policy-fields';

describe('writeField', () => {
  it('keeps what it does not know', () => {
    const part = { tcp: { maxConnections: 5, tcpKeepalive: { time: '60s' } }, other: [1] };
    expect(writeField(part, ['tcp', 'maxConnections'], 9)).toEqual({
      tcp: { maxConnections: 9, tcpKeepalive: { time: '60s' } },
      other: [1],
    });
    expect(part.tcp.maxConnections).toBe(5);
  });
  it('takes out what becomes empty, and nothing else', () => {
    expect(writeField({ http: { maxRetries: 1 }, tcp: {} }, ['http', 'maxRetries'], null)).toEqual({ tcp: {} });
    expect(writeField({}, ['http', 'maxRetries'], 3)).toEqual({ http: { maxRetries: 3 } });
  });
});

it('lets a load balancer be one thing', () => {
  const hashed = writePolicyField(
    'loadBalancer',
    { simple: 'RANDOM', localityLbSetting: {} },
    ['consistentHash', 'httpHeaderName'],
    'x-user',
  );
  expect(hashed).toEqual({ localityLbSetting: {}, consistentHash: { httpHeaderName: 'x-user' } });
  expect(writePolicyField('loadBalancer', hashed, ['consistentHash', 'useSourceIp'], true)).toEqual({
    localityLbSetting: {},
    consistentHash: { useSourceIp: true },
  });
  expect(writePolicyField('loadBalancer', hashed, ['simple'], 'ROUND_ROBIN')).toEqual({ localityLbSetting: {}, simple: 'ROUND_ROBIN' });
});

it('reads and words what is set', () => {
  expect(readField({ tcp: { maxConnections: 5 } }, ['tcp', 'maxConnections'])).toBe(5);
  expect(readField({ tcp: 'x' }, ['tcp', 'maxConnections'])).toBeUndefined();
  expect(wordPolicyPart('outlierDetection', { consecutive5xxErrors: 5, maxEjectionPercent: 10 })).toBe(
    '5xx in a row until ejected 5, ejected at most 10 %',
  );
  expect(wordPolicyPart('tls', { mode: 'DISABLE' })).toBe('DISABLE');
  expect(wordPolicyPart('tls', {})).toBe('set');
  expect(wordPolicyPart('tls', null)).toBeNull();
});
