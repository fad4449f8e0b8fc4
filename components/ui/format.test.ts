// Tests of format: the texts and the nasty cases (nulls, bounds, foreign answers).
import { describe, expect, it } from 'vitest';
import {
  asSentence,
  errorShare,
  formatAge,
  formatByteRate,
  formatClock,
  formatCount,
  formatInstant,
  formatLatency,
  formatRate,
  formatShare,
  formatWindow,
  NO_VALUE,
  plural,
} from './format';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('rates', () => {
  it.each([
    [null, NO_VALUE],
    [0, '0 rps'],
    [0.0001, '< 0.01 rps'],
    [0.014, '0.01 rps'],
    [0.256, '0.26 rps'],
    [1, '1 rps'],
    [9.876, '9.88 rps'],
    [12.34, '12.3 rps'],
    [310.4, '310 rps'],
    [999.4, '999 rps'],
    [999.6, '1k rps'],
    [1234, '1.23k rps'],
    [2_500_000, '2.5M rps'],
  ])('%s -> %s', (value, text) => {
    expect(plain(formatRate(value))).toBe(text);
  });
});

describe('shares', () => {
  it.each([
    [null, NO_VALUE],
    [Number.NaN, NO_VALUE],
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.042, '4.2 %'],
    [0.5, '50 %'],
    [0.994, '99 %'],
    [0.996, '99.6 %'],
    [0.99999, '> 99.9 %'],
    [1, '100 %'],
    [1.2, '100 %'],
  ])('%s -> %s', (value, text) => {
    expect(plain(formatShare(value))).toBe(text);
  });

  it('has no error share without requests', () => {
    expect(errorShare(0, 0)).toBeNull();
    expect(errorShare(4, 1)).toBe(0.25);
    expect(errorShare(4, 5)).toBe(1);
  });
});

describe('latencies', () => {
  it.each([
    [null, NO_VALUE],
    [Number.POSITIVE_INFINITY, NO_VALUE],
    [0.42, '0.42 ms'],
    [120, '120 ms'],
    [999.4, '999 ms'],
    [999.9, '1 s'],
    [1500, '1.5 s'],
    [9_999, '10 s'],
    [10_000, '≥ 10 s'],
    [90_000, '90 s'],
    [180_000, '3 min'],
    [3_600_000, '≥ 60 min'],
    [7_200_000, '2 h'],
  ])('%s -> %s', (value, text) => {
    expect(plain(formatLatency(value))).toBe(text);
  });
});

describe('bytes, counts, ages', () => {
  it('scales bytes by 1024', () => {
    expect(plain(formatByteRate(null))).toBe(NO_VALUE);
    expect(plain(formatByteRate(0))).toBe('0 B/s');
    expect(plain(formatByteRate(0.2))).toBe('< 1 B/s');
    expect(plain(formatByteRate(820))).toBe('820 B/s');
    expect(plain(formatByteRate(1536))).toBe('1.5 KiB/s');
    expect(plain(formatByteRate(3 * 1024 ** 3))).toBe('3 GiB/s');
  });

  it('counts and plurals', () => {
    expect(formatCount(5)).toBe('5');
    expect(formatCount(1200)).toBe('1.2k');
    expect(plural(1, 'node')).toBe('1 node');
    expect(plural(0, 'namespace')).toBe('0 namespaces');
    expect(plural(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('tells ages and windows', () => {
    expect(plain(formatAge(-5))).toBe('0 s');
    expect(plain(formatAge(3_200))).toBe('3 s');
    expect(plain(formatAge(89_400))).toBe('89 s');
    expect(plain(formatAge(120_000))).toBe('2 min');
    expect(plain(formatAge(5 * 3_600_000))).toBe('5 h');
    expect(plain(formatAge(96 * 3_600_000))).toBe('4 d');
    expect(formatWindow(60)).toBe('Last 1 minute');
    expect(formatWindow(600)).toBe('Last 10 minutes');
    expect(formatWindow(86_400)).toBe('Last 1 day');
    expect(formatWindow(90)).toBe('Last 90 seconds');
  });

  it('writes instants in local time', () => {
    const at = new Date(2026, 2, 1, 4, 3, 9).getTime();
    expect(formatClock(at)).toBe('04:03:09');
    expect(formatInstant(at)).toBe('2026-03-01 04:03:09');
  });
});

it('begins details of failures large, but not the names of objects, and ends them', () => {
  expect(['there is no service a/b', 'theatre is gone', 'GET /x failed', 'reviews has another version', ''].map(asSentence)).toEqual([
    'There is no service a/b.',
    'theatre is gone.',
    'GET /x failed.',
    'reviews has another version.',
    '',
  ]);
});
