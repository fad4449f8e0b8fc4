// Signature Version 4 against AWS' published test suite (aws-sig-v4-test-suite: key AKIDEXAMPLE, 20150830T123600Z, us-east-1, service `service`).
import { describe, expect, it } from 'vitest';
import { type SignableRequest, signRequest } from './sigv4';

const AT_MS = Date.UTC(2015, 7, 30, 12, 36, 0);
const SCOPE = { region: 'us-east-1', service: 'service' };
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: null };
const request = (more: Partial<SignableRequest>): SignableRequest => ({
  method: 'GET',
  host: 'example.amazonaws.com',
  path: '/',
  query: '',
  headers: {},
  body: '',
  ...more,
});

describe('signRequest', () => {
  it.each<readonly [string, Partial<SignableRequest>, string, string]>([
    ['get-vanilla', {}, 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { method: 'POST' }, 'host;x-amz-date', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      { query: 'Param2=value2&Param1=value1' },
      'host;x-amz-date',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-x-www-form-urlencoded',
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1' },
      'content-type;host;x-amz-date',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', (_name, more, headers, signature) => {
    expect(signRequest(request(more), SCOPE, KEYS, AT_MS)).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${headers}, Signature=${signature}`,
    });
  });

  it('signs the token of temporary keys, too', () => {
    const signed = signRequest(request({}), SCOPE, { ...KEYS, sessionToken: 'a-token' }, AT_MS);
    expect(signed['x-amz-security-token']).toBe('a-token');
    expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });
});
