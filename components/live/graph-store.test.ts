// The store against a scripted network and clock: what is shown when events come, are lost, are wrong, or stop.
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_VIEW, type Freshness, type GraphDelta, type GraphDocument, type ViewSpec } from '../../model/wire';
import { GraphStore, type LiveEnvironment, type StreamSource } from './graph-store';

const LIVE = { state: 'live', atMs: 1, cause: null, next: null } as const;
const FRESH: Freshness = { metrics: LIVE, cluster: LIVE };
const STALE: Freshness = { metrics: { state: 'stale', atMs: 1, cause: 'Prometheus is away', next: 'Wait.' }, cluster: LIVE };
const TOTALS: GraphDocument['totals'] = {
  services: 0,
  workloads: 0,
  apps: 0,
  edges: 0,
  requestsPerSecond: 0,
  errorsPerSecond: 0,
  tcpBytesPerSecond: 0,
  mtlsShare: null,
  health: { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 },
};

const snapshot = (revision: number, view: ViewSpec = DEFAULT_VIEW): GraphDocument => ({
  nodes: [],
  boxes: [],
  edges: [],
  view,
  atMs: revision * 1000,
  revision,
  totals: TOTALS,
  notes: [],
  freshness: FRESH,
  folded: false,
});

const delta = (from: number, to: number): GraphDelta => ({
  from,
  to,
  atMs: to * 1000,
  nodes: { put: [], drop: [] },
  boxes: { put: [], drop: [] },
  edges: { put: [], drop: [] },
  totals: TOTALS,
  notes: [],
  folded: false,
});

class FakeStream implements StreamSource {
  readyState = 1;
  closed = false;
  readonly #listeners = new Map<string, (event: Event) => void>();
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  addEventListener(type: string, listener: (event: Event) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  send(type: string, data?: unknown): void {
    this.#listeners.get(type)?.(new MessageEvent(type, { data: typeof data === 'string' ? data : JSON.stringify(data) }));
  }
  fail(readyState: number): void {
    this.readyState = readyState;
    this.#listeners.get('error')?.(new Event('error'));
  }
}

class World implements LiveEnvironment {
  now = 0;
  hidden = false;
  readonly streams: FakeStream[] = [];
  readonly asked: string[] = [];
  answer: () => Promise<{ status: number; body: unknown }> = () => Promise.reject(new Error('offline'));
  #timers: { at: number; run: () => void }[] = [];
  #onHidden: (() => void) | null = null;

  openStream(url: string): StreamSource {
    const stream = new FakeStream(url);
    this.streams.push(stream);
    return stream;
  }
  fetchJson(url: string): Promise<{ status: number; body: unknown }> {
    this.asked.push(url);
    return this.answer();
  }
  nowMs(): number {
    return this.now;
  }
  startTimer(delayMs: number, run: () => void): () => void {
    const timer = { at: this.now + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer);
    };
  }
  isHidden(): boolean {
    return this.hidden;
  }
  watchHidden(callback: () => void): () => void {
    this.#onHidden = callback;
    return () => {
      this.#onHidden = null;
    };
  }
  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    this.#onHidden?.();
  }
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.now = due.at;
      this.#timers = this.#timers.filter((t) => t !== due);
      due.run();
    }
    this.now = end;
  }
  get pendingTimers(): number {
    return this.#timers.length;
  }
  get stream(): FakeStream {
    const last = this.streams.at(-1);
    if (!last) throw new Error('no stream was opened');
    return last;
  }
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('GraphStore', () => {
  let world: World;
  let store: GraphStore;
  beforeEach(() => {
    world = new World();
    store = new GraphStore('/console', world);
  });

  it('opens the stream of the view under the base path and follows snapshot and deltas', () => {
    store.show({ ...DEFAULT_VIEW, namespaces: ['shop'] });
    expect(world.stream.url).toBe('/console/api/graph/stream?namespaces=shop');
    expect(store.state().status).toBe('connecting');
    world.stream.send('snapshot', snapshot(4));
    expect(store.state()).toMatchObject({ status: 'live', problem: null, document: { revision: 4 } });
    world.now = 777;
    world.stream.send('delta', delta(4, 5));
    expect(store.state()).toMatchObject({ lastEventAtMs: 777, document: { revision: 5 }, freshness: { metrics: { atMs: 5000 } } });
  });

  it('tells subscribers of changes, not of nothing', () => {
    let calls = 0;
    const end = store.subscribe(() => calls++);
    store.show(DEFAULT_VIEW);
    expect(calls).toBe(0);
    world.stream.send('snapshot', snapshot(1));
    expect(calls).toBeGreaterThan(0);
    const before = calls;
    end();
    world.stream.send('delta', delta(1, 2));
    expect(calls).toBe(before);
  });

  it.each([
    ['a gap', (s: FakeStream) => s.send('delta', delta(9, 10))],
    ['a delta before any snapshot of this connection', (s: FakeStream) => s.send('delta', 'not json')],
    ['something that is no snapshot', (s: FakeStream) => s.send('snapshot', { nodes: 3 })],
  ])('reconnects afresh after %s and keeps the picture', (_, hurt) => {
    store.show(DEFAULT_VIEW);
    const first = world.stream;
    first.send('snapshot', snapshot(1));
    hurt(first);
    expect(first.closed).toBe(true);
    expect(world.streams).toHaveLength(2);
    expect(store.state().document?.revision).toBe(1);
    first.send('delta', delta(1, 2));
    expect(store.state().document?.revision).toBe(1);
    world.stream.send('snapshot', snapshot(12));
    expect(store.state().document?.revision).toBe(12);
  });

  it('leaves a broken connection to the browser, shows the old graph as stale, and recovers with a resumed delta', () => {
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    world.stream.fail(0);
    expect(store.state()).toMatchObject({
      status: 'stale',
      document: { revision: 1 },
      problem: { title: 'The live connection is interrupted' },
    });
    expect(world.streams).toHaveLength(1);
    world.stream.send('open');
    world.stream.send('delta', delta(1, 2));
    expect(store.state()).toMatchObject({ status: 'live', problem: null, document: { revision: 2 } });
  });

  it('takes an end that was announced for what it is, and a failure after it for a failure', () => {
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    world.stream.send('reopen', {});
    world.stream.fail(0);
    expect(store.state()).toMatchObject({ status: 'live', problem: null, document: { revision: 1 } });
    expect(world.streams).toHaveLength(1);
    world.stream.fail(0);
    expect(store.state()).toMatchObject({ status: 'stale', problem: { title: 'The live connection is interrupted' } });
    world.stream.send('open');
    world.stream.send('delta', delta(1, 2));
    expect(store.state()).toMatchObject({ status: 'live', problem: null, document: { revision: 2 } });
  });

  it('asks by GET what a refused stream means, and tries again with growing pauses', async () => {
    world.answer = () =>
      Promise.resolve({ status: 403, body: { title: 'Not allowed', detail: 'namespace shop', next: 'Ask for access.', status: 403 } });
    store.show(DEFAULT_VIEW);
    world.stream.fail(2);
    await settle();
    expect(world.asked).toEqual(['/console/api/graph']);
    expect(store.state()).toMatchObject({ status: 'error', document: null, problem: { title: 'Not allowed', next: 'Ask for access.' } });
    world.pass(999);
    expect(world.streams).toHaveLength(1);
    world.pass(1);
    expect(world.streams).toHaveLength(2);
    world.stream.fail(2);
    await settle();
    world.pass(1999);
    expect(world.streams).toHaveLength(2);
    world.pass(1);
    expect(world.streams).toHaveLength(3);
    world.stream.send('snapshot', snapshot(3));
    expect(store.state()).toMatchObject({ status: 'live', problem: null });
  });

  it('does not ask on when nobody is logged in any more, keeps the picture, and follows again after a refresh that is answered', async () => {
    world.answer = () => Promise.resolve({ status: 401, body: { title: 'Not logged in', detail: 'd', next: 'Log in.' } });
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    world.stream.fail(2);
    await settle();
    expect(store.state()).toMatchObject({ status: 'stale', document: { revision: 1 }, problem: { title: 'Not logged in' } });
    world.pass(3_600_000);
    await settle();
    expect(world.streams).toHaveLength(1);
    expect(world.asked).toHaveLength(1);
    world.answer = () => Promise.resolve({ status: 200, body: snapshot(5) });
    store.refresh();
    await settle();
    world.pass(1000);
    expect(world.streams).toHaveLength(2);
    world.stream.send('snapshot', snapshot(6));
    expect(store.state()).toMatchObject({ status: 'live', problem: null, document: { revision: 6 } });
  });

  it('shows what GET answers where only the stream is blocked', async () => {
    world.answer = () => Promise.resolve({ status: 200, body: snapshot(7) });
    store.show(DEFAULT_VIEW);
    world.stream.fail(2);
    await settle();
    expect(store.state()).toMatchObject({ document: { revision: 7 }, problem: null });
    world.pass(1000);
    expect(world.streams).toHaveLength(2);
  });

  it('is stale when the metrics are, and live again when they are', () => {
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    world.stream.send('status', STALE);
    expect(store.state()).toMatchObject({ status: 'stale', freshness: { metrics: { cause: 'Prometheus is away' } } });
    world.stream.send('status', FRESH);
    expect(store.state().status).toBe('live');
  });

  it('takes a long silence for a dead connection', () => {
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    world.pass(89_999);
    expect(world.streams).toHaveLength(1);
    world.pass(1);
    expect(world.streams).toHaveLength(2);
  });

  it('lets a hidden tab go after 30 s and is current again when shown', () => {
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    world.setHidden(true);
    world.pass(29_000);
    world.setHidden(false);
    expect(world.stream.closed).toBe(false);
    world.setHidden(true);
    world.pass(30_000);
    expect(world.stream.closed).toBe(true);
    expect(store.state().status).toBe('paused');
    world.setHidden(false);
    expect(world.streams).toHaveLength(2);
    expect(store.state()).toMatchObject({ status: 'live', document: { revision: 1 } });
  });

  it('pauses by hand, refreshes once on demand, resumes', async () => {
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    store.pause();
    expect(world.stream.closed).toBe(true);
    world.answer = () => Promise.resolve({ status: 200, body: snapshot(5) });
    store.refresh();
    await settle();
    expect(store.state()).toMatchObject({ status: 'paused', document: { revision: 5 } });
    world.pass(60_000);
    expect(world.streams).toHaveLength(1);
    store.resume();
    expect(world.streams).toHaveLength(2);
  });

  it('reads a view of the past once and stays with it', async () => {
    world.answer = () => Promise.resolve({ status: 200, body: snapshot(1, { ...DEFAULT_VIEW, atSeconds: 1_700_000_000 }) });
    store.show({ ...DEFAULT_VIEW, atSeconds: 1_700_000_000 });
    await settle();
    expect(world.streams).toHaveLength(0);
    expect(world.asked).toEqual(['/console/api/graph?at=1700000000']);
    expect(store.state()).toMatchObject({ status: 'paused', document: { revision: 1 } });
    world.pass(600_000);
    expect(world.asked).toHaveLength(1);
  });

  it('keeps the old graph while another view loads and ignores late answers to the old one', async () => {
    let answerOld: (x: { status: number; body: unknown }) => void = () => undefined;
    world.answer = () => new Promise((done) => (answerOld = done));
    store.show({ ...DEFAULT_VIEW, atSeconds: 1_700_000_000 });
    store.show(DEFAULT_VIEW);
    answerOld({ status: 200, body: snapshot(99) });
    await settle();
    expect(store.state().document).toBeNull();
    world.stream.send('snapshot', snapshot(1));
    store.show({ ...DEFAULT_VIEW, idle: true });
    expect(store.state()).toMatchObject({ status: 'connecting', document: { revision: 1 } });
    expect(world.streams).toHaveLength(2);
    expect(world.streams[0]?.closed).toBe(true);
  });

  it('draws new data not more often than asked, but the newest', () => {
    store.setRefreshSeconds(30);
    store.show(DEFAULT_VIEW);
    world.stream.send('snapshot', snapshot(1));
    expect(store.state().document?.revision).toBe(1);
    world.stream.send('delta', delta(1, 2));
    world.stream.send('delta', delta(2, 3));
    expect(store.state().document?.revision).toBe(1);
    world.pass(30_000);
    expect(store.state().document?.revision).toBe(3);
    world.stream.send('delta', delta(3, 4));
    store.setRefreshSeconds(0);
    expect(store.state().document?.revision).toBe(4);
  });

  it('does nothing for an equal view, and leaves nothing behind when stopped', () => {
    store.show(DEFAULT_VIEW);
    store.show({ ...DEFAULT_VIEW });
    expect(world.streams).toHaveLength(1);
    store.stop();
    expect(world.stream.closed).toBe(true);
    expect(world.pendingTimers).toBe(0);
    world.stream.send('snapshot', snapshot(1));
    expect(store.state().document).toBeNull();
    store.show(DEFAULT_VIEW);
    expect(world.streams).toHaveLength(2);
  });
});
