// Tests of the words of changes and of edits: what is said of time, guards, rules.
import { describe, expect, it } from 'vitest';
import { formatCountdown, wordMilestone, wordObjects, wordPolicy, wordSpan } from './change-words';
import { wordEdit } from './edit-words';
import { wordDuration, wordFault, wordMatch, wordWhen } from './rule-words';
import { HOST, sampleRef, sampleStep } from './sample-routing';

describe('time', () => {
  it('counts down', () => {
    expect([252_000, 251_001, 0, -5, 3_849_000].map(formatCountdown)).toEqual(['4:12', '4:12', '0:00', '0:00', '1:04:09']);
  });
  it('tells a screen reader only at milestones', () => {
    expect([400_000, 300_000, 61_000, 60_000, 30_000, 9_000, 0].map(wordMilestone)).toEqual([
      '',
      'Less than 5 minutes left.',
      'Less than 5 minutes left.',
      'One minute left.',
      '30 seconds left.',
      '10 seconds left.',
      'The time is up.',
    ]);
  });
  it('words spans and durations', () => {
    expect([30, 60, 90, 300, 3600, 86_400, 7_200].map(wordSpan)).toEqual([
      '30 seconds',
      '1 minute',
      '90 seconds',
      '5 minutes',
      '1 hour',
      '1 day',
      '2 hours',
    ]);
    expect([500, 2000, 1500, 120_000].map(wordDuration)).toEqual(['500 ms', '2 s', '1.5 s', '2 min']);
  });
});

it('says when a change reverts by itself', () => {
  expect(wordPolicy({ revertAfterSeconds: null, guard: null })).toBe('kept at once');
  expect(wordPolicy({ revertAfterSeconds: 300, guard: { errorPercentPoints: 5, latencyFactor: null } })).toBe(
    'reverts after 5 minutes unless confirmed, or when errors rise by more than 5 points',
  );
});

it('names the objects of a change', () => {
  const other = { kind: 'DestinationRule', namespace: 'a', name: 'b' } as const;
  expect(wordObjects([sampleStep(), sampleStep({ ref: other }), sampleStep()])).toBe('reviews and 1 more');
});

describe('rules in words', () => {
  it('joins conditions of a block by and, blocks by or, and an empty block is anything', () => {
    const path = { path: { type: 'prefix', value: '/a' }, method: 'GET' } as const;
    expect(wordMatch(path)).toBe('path starts with /a and method is GET');
    expect(wordWhen([path, { port: 80 }])).toBe('path starts with /a and method is GET, or port is 80');
    expect(wordWhen([path, {}])).toBe('every request');
    expect(wordWhen([], true)).toBe('every connection');
  });
  it('names faults', () => {
    expect(wordFault({ delay: { milliseconds: 2000, percent: 10 }, abort: { httpStatus: 503, percent: 5 } })).toBe(
      '2 s delay for 10 %, 503 for 5 %',
    );
  });
  it('says of an edit what and where', () => {
    const rule = sampleRef(1);
    expect(wordEdit({ type: 'timeout', rule, milliseconds: 2000 })).toEqual({
      title: 'Set the timeout to 2 s',
      on: 'rule 2 of VirtualService/bookinfo/reviews',
    });
    const destinations = [
      { host: HOST, subset: 'v1', port: null, weight: 9 },
      { host: 'other.shop.svc.cluster.local', subset: null, port: 80, weight: 1 },
    ];
    expect(wordEdit({ type: 'weights', rule: sampleRef(0, null), destinations })).toEqual({
      title: 'Send 90 % to v1, 10 % to other:80',
      on: 'a new route for reviews',
    });
  });
});
