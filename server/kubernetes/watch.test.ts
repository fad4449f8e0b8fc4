// ResourceWatch against a scripted client under a fake clock: paging, resuming, 410, refusals, back-off, hostile answers.
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { FakeClock, settle } from '../testing/fake-clock';
import { type ApiClient, ApiStatusError } from './client';
import { ResourceWatch } from './watch';

interface Thing {
  readonly name: string;
  readonly version: string;
}
const object = (uid: string, resourceVersion: string, name = uid) => ({ metadata: { uid, name, resourceVersion } });
const event = (type: string, o: unknown): string => JSON.stringify({ type, object: o });
const refusal = (status: number): ApiStatusError =>
  new ApiStatusError(new Failure(status === 403 ? 'forbidden' : 'notFound', `answered ${status}`, 'ask'), status);

/** A watch stream that the test feeds. */
class Feed {
  readonly #lines: string[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  #fault: Error | null = null;
  push(...lines: string[]): void {
    this.#lines.push(...lines);
    this.#wake?.();
  }
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }
  fail(error: Error): void {
    this.#fault = error;
    this.#wake?.();
  }
  async *read(signal: AbortSignal): AsyncIterable<string> {
    signal.addEventListener('abort', () => this.end(), { once: true });
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        yield line;
        continue;
      }
      if (this.#fault) throw this.#fault;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const ending: AbortController[] = [];
afterEach(() => {
  for (const e of ending.splice(0)) e.abort();
});

function start(lists: unknown[]) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const feeds: Feed[] = [];
  let changes = 0;
  const client: ApiClient = {
    fetchJson: (path) => {
      asked.push(path);
      const next = lists.length > 1 ? lists.shift() : lists[0];
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    openWatch: (path, { signal }) => {
      asked.push(path);
      const feed = new Feed();
      feeds.push(feed);
      return Promise.resolve(feed.read(signal));
    },
    postReview: () => Promise.reject(new Error('a watch asks for no review')),
    send: () => Promise.reject(new Error('a watch sends no message')),
    openBody: () => Promise.reject(new Error('a watch opens no body')),
    close: () => Promise.resolve(),
  };
  const watch = new ResourceWatch<Thing>({
    resource: {
      resource: 'things',
      path: '/api/v1/things',
      selector: '',
      decode: (o) => {
        const meta = (o as { metadata: { name: string; resourceVersion: string } }).metadata;
        return meta.name === 'strange' ? null : { name: meta.name, version: meta.resourceVersion };
      },
    },
    client,
    clock,
    random: () => 0,
    onChange: () => {
      changes += 1;
    },
  });
  const end = new AbortController();
  ending.push(end);
  const done = watch.run(end.signal);
  const feed = (n: number): Feed => {
    const found = feeds[n];
    if (!found) throw new Error(`watch ${n} was not opened; asked ${asked.join(' ')}`);
    return found;
  };
  return {
    clock,
    asked,
    feed,
    feeds,
    watch,
    end,
    done,
    changes: () => changes,
    names: () => [...watch.objects.values()].map((t) => t.name).sort(),
  };
}
const list = (resourceVersion: string, items: unknown[], token = '') => ({ metadata: { resourceVersion, continue: token }, items });

describe('ResourceWatch', () => {
  it('lists in pages, then follows changes from the version of the list', async () => {
    const t = start([
      list('10', [object('a', '3'), object('b', '4')], 'next page'),
      list('10', [object('c', '5'), object('x', '6', 'strange')]),
    ]);
    await settle();
    expect(t.asked[0]).toBe('/api/v1/things?limit=500');
    expect(t.asked[1]).toBe('/api/v1/things?limit=500&continue=next%20page');
    expect(t.asked[2]).toContain('watch=true');
    expect(t.asked[2]).toContain('resourceVersion=10');
    expect(t.names()).toEqual(['a', 'b', 'c']);
    t.feed(0).push(event('ADDED', object('d', '11')), event('MODIFIED', object('a', '12', 'a2')), event('DELETED', object('b', '13')));
    await settle();
    expect(t.names()).toEqual(['a2', 'c', 'd']);
    expect(t.watch.state()).toMatchObject({ state: 'live', objects: 3, cause: null });
    t.end.abort();
    await t.done;
  });

  it('resumes an ended watch from the last version seen, bookmarks included', async () => {
    const t = start([list('10', [object('a', '3')])]);
    await settle();
    await t.clock.advance(60_000);
    t.feed(0).push(event('BOOKMARK', { metadata: { resourceVersion: '99' } }));
    t.feed(0).end();
    await settle();
    expect(t.asked.at(-1)).toContain('resourceVersion=99');
    expect(t.feeds).toHaveLength(2);
    expect(t.names()).toEqual(['a']);
  });

  it('does not hammer a server that cuts each watch at once', async () => {
    const t = start([list('10', [])]);
    await settle();
    t.feed(0).end();
    await settle();
    expect(t.feeds).toHaveLength(1);
    await t.clock.advance(500);
    expect(t.feeds).toHaveLength(2);
  });

  it('lists anew on 410, as an event and as a status, and drops what vanished meanwhile', async () => {
    const t = start([list('10', [object('a', '3'), object('b', '4')]), list('20', [object('b', '4')])]);
    await settle();
    await t.clock.advance(60_000);
    t.feed(0).push(event('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' }));
    await settle();
    expect(t.names()).toEqual(['b']);
    await t.clock.advance(60_000);
    t.feed(1).fail(new ApiStatusError(new Failure('clusterUnreachable', 'gone', ''), 410));
    await settle();
    expect(t.asked.filter((p) => p.includes('limit='))).toHaveLength(3);
  });

  it('keeps the last objects while the server fails, says why, backs off, and comes back', async () => {
    const t = start([list('10', [object('a', '3')])]);
    await settle();
    await t.clock.advance(60_000);
    t.feed(0).fail(new Failure('clusterUnreachable', 'connection refused', 'Heddle tries again by itself.'));
    await settle();
    expect(t.names()).toEqual(['a']);
    expect(t.watch.state().state).toBe('retrying');
    expect(t.watch.state().cause).toContain('connection refused');
    const opened = t.feeds.length;
    await t.clock.advance(499);
    expect(t.feeds).toHaveLength(opened);
    await t.clock.advance(1);
    expect(t.feeds).toHaveLength(opened + 1);
    expect(t.watch.state()).toMatchObject({ state: 'live', cause: null });
  });

  it('doubles the pause up to 30 s while the list fails', async () => {
    const t = start([new Failure('clusterUnreachable', 'refused', 'again')]);
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const before = t.asked.length;
      const from = t.clock.now();
      while (t.asked.length === before) await t.clock.advance(250);
      times.push(t.clock.now() - from);
    }
    expect(times.slice(-2)).toEqual([30_000, 30_000]);
    expect(t.watch.settled).toBe(false);
  });

  it('says forbidden and absent, and looks again later', async () => {
    for (const [status, state] of [
      [403, 'forbidden'],
      [404, 'absent'],
    ] as const) {
      const t = start([refusal(status), list('5', [object('a', '1')])]);
      await settle();
      expect(t.watch.state().state).toBe(state);
      expect(t.watch.settled).toBe(true);
      await t.clock.advance(60_000);
      expect(t.names()).toEqual(['a']);
    }
  });

  it('survives events and lists that are not what they should be', async () => {
    const t = start([{ kind: 'Status', status: 'Success' }, list('10', [object('a', '3'), null, 7, { metadata: 'x' }])]);
    await settle();
    expect(t.watch.state().state).toBe('retrying');
    expect(t.watch.state().cause).toContain('has no items');
    await t.clock.advance(500);
    expect(t.names()).toEqual(['a']);
    await t.clock.advance(60_000);
    t.feed(0).push('<html>');
    await settle();
    expect(t.watch.state().cause).toContain('not JSON');
    await t.clock.advance(30_000);
    expect(t.watch.state().state).toBe('live');
  });
});

describe('a resource of which only metadata is wanted', () => {
  it('is asked for nothing else, in lists and in watches', async () => {
    const accepted: (string | undefined)[] = [];
    const end = new AbortController();
    ending.push(end);
    const client: Pick<ApiClient, 'fetchJson' | 'openWatch'> = {
      fetchJson: (_path, { accept }) => {
        accepted.push(accept);
        return Promise.resolve({ items: [object('a', '1')], metadata: { resourceVersion: '1' } });
      },
      openWatch: (_path, { accept }) => {
        accepted.push(accept);
        return Promise.resolve(new Feed().read(end.signal));
      },
    };
    const watch = new ResourceWatch<string>({
      resource: { resource: 'secrets', path: '/api/v1/secrets', selector: '', metadataOnly: true, decode: () => 'a' },
      client: client as ApiClient,
      clock: new FakeClock(),
      random: () => 0.5,
      onChange: () => undefined,
    });
    void watch.run(end.signal);
    await settle();
    expect(accepted).toEqual([
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    ]);
  });
});
