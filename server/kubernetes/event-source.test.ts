// Events as API servers of several generations write them, and what refusals become.
import { expect, it } from 'vitest';
import type { ApiClient } from './client';
import { createEventSource, decodeEvent } from './event-source';

const ABOUT = { kind: 'Pod', name: 'reviews-v1-0' };

it('reads the old fields and the new ones, newest instant and largest count', () => {
  expect(
    decodeEvent({
      involvedObject: ABOUT,
      reason: 'BackOff',
      type: 'Warning',
      message: 'again',
      count: 7,
      firstTimestamp: '2026-11-28T05:00:00Z',
      lastTimestamp: '2026-11-28T05:10:00Z',
    }),
  ).toEqual({
    type: 'Warning',
    reason: 'BackOff',
    message: 'again',
    about: ABOUT,
    count: 7,
    lastAtMs: Date.parse('2026-11-28T05:10:00Z'),
  });
  expect(
    decodeEvent({
      involvedObject: ABOUT,
      reason: 'Pulled',
      eventTime: '2026-11-28T05:00:00.5Z',
      series: { count: 3, lastObservedTime: '2026-11-28T05:01:00Z' },
      lastTimestamp: null,
    }),
  ).toMatchObject({ type: 'Normal', count: 3, lastAtMs: Date.parse('2026-11-28T05:01:00Z') });
  for (const none of [null, [], 'x', {}, { involvedObject: ABOUT }, { reason: 'x', involvedObject: 3 }])
    expect(decodeEvent(none)).toBeNull();
});

const sourceOf = (status: number, body: unknown) =>
  createEventSource(() => ({ send: () => Promise.resolve({ status, body, retryAfterMs: null }) }) as unknown as ApiClient);
const list = (status: number, body: unknown) =>
  sourceOf(status, body).listEvents('bookinfo', { kind: 'console' }, new AbortController().signal);

it('lists what can be read, and says in the API server’s words what is refused', async () => {
  expect(await list(200, { items: [{ involvedObject: ABOUT, reason: 'Killing' }, null] })).toHaveLength(1);
  expect(await list(200, { items: 'no list' })).toEqual([]);
  await expect(list(403, { message: 'events is forbidden' })).rejects.toMatchObject({ code: 'forbidden', detail: 'events is forbidden' });
  await expect(list(401, null)).rejects.toMatchObject({ code: 'clusterUnauthorized' });
  await expect(list(500, null)).rejects.toMatchObject({ code: 'clusterUnreachable' });
});
