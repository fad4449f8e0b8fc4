// Readers of a view: resume, gap, slow readers, dropped views, heartbeats.
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock';
import { Hub, type Publication, type Subscriber } from './hub';

const ENCODER = new TextEncoder();
const bytes = (text: string): Uint8Array => ENCODER.encode(text);

class Reader implements Subscriber {
  readonly chunks: Uint8Array[] = [];
  room = true;
  closed = false;
  write(chunk: Uint8Array): boolean {
    this.chunks.push(chunk);
    return this.room;
  }
  close(): void {
    this.closed = true;
  }
  /** What came since the last look, without the retry line. */
  take(): readonly string[] {
    const texts = this.chunks.splice(0).map((c) => new TextDecoder().decode(c));
    return texts.filter((t) => !t.startsWith('retry:'));
  }
}

const makeHub = (ringDeltas = 3): { hub: Hub; clock: FakeClock; encoded: string[] } => {
  const clock = new FakeClock();
  return { clock, encoded: [], hub: new Hub({ clock, heartbeatMs: 15_000, ringDeltas, ringBytes: 1000 }) };
};
const revision = (n: number, encoded: string[] = []): Publication => ({
  id: `e-${n}`,
  from: n === 1 ? null : `e-${n - 1}`,
  delta: n === 1 ? null : bytes(`d${n}`),
  snapshot: () => {
    encoded.push(`s${n}`);
    return bytes(`s${n}`);
  },
});
const NOW = bytes('status');

describe('a hub', () => {
  it('sends a snapshot and a status first, then deltas; each encoded once for all', () => {
    const { hub, encoded } = makeHub();
    const [a, b] = [new Reader(), new Reader()];
    hub.subscribe('v', null, a, { publication: revision(1, encoded), status: NOW });
    hub.subscribe('v', null, b, { publication: null, status: NOW });
    expect([a.take(), b.take()]).toEqual([
      ['s1', 'status'],
      ['s1', 'status'],
    ]);
    hub.publish('v', revision(2, encoded));
    expect(a.chunks[0]).toBe(b.chunks[0]);
    expect([a.take(), b.take()]).toEqual([['d2'], ['d2']]);
    hub.publishStatus('v', bytes('stale'));
    expect([a.take(), b.take()]).toEqual([['stale'], ['stale']]);
    expect(encoded).toEqual(['s1']);
  });

  it('begins with the status alone while there is nothing to show', () => {
    const { hub } = makeHub();
    const reader = new Reader();
    hub.subscribe('v', null, reader, { publication: null, status: NOW });
    expect(reader.take()).toEqual(['status']);
    hub.publish('v', revision(1));
    expect(reader.take()).toEqual(['s1']);
  });

  it('resumes by id: nothing, the deltas missed, or a snapshot across a gap', () => {
    const { hub } = makeHub(2);
    const first = new Reader();
    hub.subscribe('v', null, first, { publication: revision(1), status: NOW });
    for (const n of [2, 3, 4]) hub.publish('v', revision(n));
    const joined = (lastEventId: string | null): readonly string[] => {
      const reader = new Reader();
      hub.subscribe('v', lastEventId, reader, { publication: null, status: NOW });
      return reader.take();
    };
    expect(joined('e-4')).toEqual(['status']);
    expect(joined('e-3')).toEqual(['d4', 'status']);
    expect(joined('e-2')).toEqual(['d3', 'd4', 'status']);
    expect(joined('e-1')).toEqual(['s4', 'status']);
    expect(joined('old-9')).toEqual(['s4', 'status']);
    expect(joined(null)).toEqual(['s4', 'status']);
    hub.publish('v', { ...revision(6), from: 'e-5' });
    expect(joined('e-4')).toEqual(['s6', 'status']);
    expect(first.take().at(-1)).toBe('s6');
  });

  it('keeps few bytes for those who come back', () => {
    const { hub } = makeHub(100);
    hub.subscribe('v', null, new Reader(), { publication: revision(1), status: NOW });
    for (let n = 2; n < 20; n++) hub.publish('v', { ...revision(n), delta: bytes('x'.repeat(400)) });
    const reader = new Reader();
    hub.subscribe('v', 'e-17', reader, { publication: null, status: NOW });
    expect(reader.take().map((t) => t.length)).toEqual([400, 400, 6]);
    hub.subscribe('v', 'e-16', reader, { publication: null, status: NOW });
    expect(reader.take()).toEqual(['s19', 'status']);
  });

  it('a slow reader gets nothing until it drains, then one snapshot and the newest status', () => {
    const { hub, clock } = makeHub();
    const [slow, quick] = [new Reader(), new Reader()];
    slow.room = false;
    const subscription = hub.subscribe('v', null, slow, { publication: revision(1), status: NOW });
    hub.subscribe('v', null, quick, { publication: null, status: NOW });
    expect(slow.take()).toEqual([]);
    for (const n of [2, 3]) hub.publish('v', revision(n));
    hub.publishStatus('v', bytes('newer'));
    void clock.advance(60_000);
    expect(slow.take()).toEqual([]);
    expect(quick.take()).toEqual(['s1', 'status', 'd2', 'd3', 'newer']);
    slow.room = true;
    subscription.drained();
    expect(slow.take()).toEqual(['s3', 'newer']);
    hub.publish('v', revision(4));
    expect(slow.take()).toEqual(['d4']);
    slow.room = false;
    hub.publish('v', revision(5));
    slow.room = true;
    subscription.drained();
    hub.publish('v', revision(6));
    expect(slow.take()).toEqual(['d5', 'd6']);
  });

  it('a reader that fills up amid the deltas it missed gets a snapshot afterwards', () => {
    const { hub } = makeHub(5);
    hub.subscribe('v', null, new Reader(), { publication: revision(1), status: NOW });
    for (const n of [2, 3, 4]) hub.publish('v', revision(n));
    const reader = new Reader();
    let writes = 0;
    reader.write = (chunk) => {
      reader.chunks.push(chunk);
      writes++;
      return writes < 2;
    };
    const subscription = hub.subscribe('v', 'e-1', reader, { publication: null, status: NOW });
    expect(reader.take()).toEqual(['d2']);
    reader.write = Reader.prototype.write;
    subscription.drained();
    expect(reader.take()).toEqual(['s4', 'status']);
  });

  it('beats while somebody listens, and not a moment longer', async () => {
    const { hub, clock } = makeHub();
    const reader = new Reader();
    const subscription = hub.subscribe('v', null, reader, { publication: revision(1), status: NOW });
    reader.take();
    await clock.advance(31_000);
    expect(reader.take()).toEqual([': alive\n\n', ': alive\n\n']);
    subscription.cancel();
    await clock.advance(60_000);
    expect(reader.take()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('forgets dropped views, never watched ones; nothing reaches who has gone', () => {
    const { hub } = makeHub();
    const reader = new Reader();
    const subscription = hub.subscribe('v', null, reader, { publication: revision(1), status: NOW });
    hub.drop('v');
    expect(hub.has('v')).toBe(true);
    subscription.cancel();
    subscription.cancel();
    subscription.drained();
    reader.take();
    hub.publish('v', revision(2));
    expect(reader.take()).toEqual([]);
    expect([hub.count('v'), hub.count(), hub.has('v')]).toEqual([0, 0, true]);
    hub.drop('v');
    expect(hub.has('v')).toBe(false);
    hub.publish('v', revision(3));
  });

  it('closes every stream at the end', () => {
    const { hub, clock } = makeHub();
    const reader = new Reader();
    hub.subscribe('v', null, reader, { publication: null, status: NOW });
    hub.close();
    expect(reader.closed).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
