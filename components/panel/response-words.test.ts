// Tests of response-words: HTTP against gRPC, missing responses, several flags, unknown and hostile ones.
import { describe, expect, it } from 'vitest';
import { isErrorCode, listFlagWords, wordCode } from './response-words';

describe('codes', () => {
  it.each([
    ['503', 'http', 'Service unavailable', true],
    ['200', 'http', 'OK', false],
    ['0', 'http', 'no response', true],
    ['-', 'http', 'no response', true],
    ['-', 'grpc', 'no response', true],
    ['0', 'grpc', 'OK', false],
    ['4', 'grpc', 'Deadline exceeded', true],
    ['17', 'grpc', '', true],
    ['503', 'grpc', 'Service unavailable', true],
    ['200', 'grpc', 'OK', false],
    ['799', 'http', '', false],
    ['constructor', 'http', '', false],
  ] as const)('%s of %s: "%s", error %s', (code, protocol, words, error) => {
    expect(wordCode(code, protocol)).toBe(words);
    expect(isErrorCode(code, protocol)).toBe(error);
  });
});

describe('listFlagWords', () => {
  it('explains each of several flags in order', () => {
    expect(listFlagWords('UF,URX').map(({ flag, meaning }) => [flag, meaning])).toEqual([
      ['UF', 'Upstream connection failure'],
      ['URX', 'Retries or connect attempts used up'],
    ]);
    expect(listFlagWords('NR')[0]?.cause).toContain('VirtualService');
  });

  it('is empty without flags and survives foreign ones', () => {
    expect(listFlagWords('-')).toEqual([]);
    expect(listFlagWords('')).toEqual([]);
    expect(listFlagWords('constructor, XX ').map(({ flag }) => flag)).toEqual(['constructor', 'XX']);
    expect(listFlagWords('__proto__')[0]?.cause).toBeNull();
  });
});
