// What a page keeps of logs and what a pane shows of it: bounded, filtered, in order, whatever an expression does.
import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../model/log';
import { checkExpression, findRanges, findText } from './find-ranges';
import { LineView } from './line-view';
import { chooseSources, listContainers } from './log-choice';
import { KEPT_LINES, LogStore } from './log-store';
import type { RegexMessage } from './regex-worker';

const SOURCES = [
  { pod: 'web-0', container: 'app' },
  { pod: 'web-0', container: 'istio-proxy' },
];
const at = (n: number): string =>
  `2026-11-28T05:00:${String(Math.floor(n / 1000) % 60).padStart(2, '0')}.${String(n % 1000).padStart(3, '0')}000000Z`;
const rows = (from: number, count: number, source = 0): readonly LogRow[] =>
  Array.from({ length: count }, (_, i): LogRow => [source, at(from + i), `line ${from + i}`]);

/** A worker that answers when the test says so, and timers that run when it says so. */
class Rig {
  readonly timers: (() => void)[] = [];
  readonly workers: { sent: RegexMessage[]; terminated: boolean; answer: () => void }[] = [];
  readonly startTimer = (_delayMs: number, callback: () => void): (() => void) => {
    this.timers.push(callback);
    return () => {
      const place = this.timers.indexOf(callback);
      if (place >= 0) this.timers.splice(place, 1);
    };
  };
  readonly startWorker = (): Worker => {
    const sent: RegexMessage[] = [];
    const worker = {
      onmessage: null as ((event: MessageEvent<unknown>) => void) | null,
      onerror: null,
      postMessage: (message: RegexMessage) => sent.push(message),
      terminate: () => {
        entry.terminated = true;
      },
    };
    const entry = {
      sent,
      terminated: false,
      answer: () => {
        const message = sent.at(-1);
        if (message === undefined) throw new Error('nothing was asked');
        const ranges = message.texts.map((text) => findRanges(new RegExp(message.source, 'gi'), text));
        worker.onmessage?.(new MessageEvent('message', { data: { id: message.id, ranges } }));
      },
    };
    this.workers.push(entry);
    return worker as unknown as Worker;
  };
  readonly store = new LogStore(SOURCES, this);
  view(accepts: (source: number) => boolean = () => true): LineView {
    const view = new LineView(this.store, accepts, this);
    view.open();
    return view;
  }
  push(...given: readonly LogRow[]): void {
    this.store.push(given);
    this.store.flush();
  }
}
const textsOf = (view: LineView): readonly (string | null)[] => view.shown.map(({ text }) => text);

describe('the store', () => {
  it('keeps the newest lines and says how many it let go of', () => {
    const rig = new Rig();
    const view = rig.view();
    for (let i = 0; i < 5; i++) rig.push(...rows(i * 5000, 5000));
    expect(rig.store.lines).toHaveLength(KEPT_LINES);
    expect(rig.store.dropped).toBe(5000);
    expect(rig.store.lines[0]?.text).toBe('line 5000');
    expect(view.shown).toHaveLength(KEPT_LINES);
    expect(view.shown[0]?.text).toBe('line 5000');
    expect(view.appended).toBe(25_000);
  });

  it('puts older lines before the others, as many as find room', () => {
    const rig = new Rig();
    const view = rig.view();
    rig.push(...rows(1000, 3));
    rig.store.prepend(rows(990, 10), false);
    rig.store.prepend(rows(985, 5), true);
    expect(textsOf(view)).toEqual(Array.from({ length: 18 }, (_, i) => `line ${985 + i}`));
    expect(view.prepended).toBe(15);
    expect(rig.store.complete).toBe(true);
  });

  it('knows where each container stands', () => {
    const rig = new Rig();
    rig.push([0, at(1), 'a'], [0, at(1), 'b'], [0, at(2), null, 5]);
    const cursors = rig.store.cursors();
    expect([...cursors.keys()]).toEqual(['web-0/app']);
    expect(cursors.get('web-0/app')).toMatchObject({ at: at(1) });
    expect(cursors.get('web-0/app')?.hashes).toHaveLength(2);
  });
});

describe('a pane', () => {
  it('shows its own containers, and of these what a text is in', () => {
    const rig = new Rig();
    const proxies = rig.view((source) => source === 1);
    const all = rig.view();
    rig.push([0, at(1), 'One'], [1, at(2), 'two'], [0, at(3), null, 7], [1, at(4), 'ONE more']);
    expect(textsOf(proxies)).toEqual(['two', 'ONE more']);
    all.setFilter({ text: 'one', isExpression: false, hides: true });
    // What is missing is missing of everything.
    expect(textsOf(all)).toEqual(['One', null, 'ONE more']);
    rig.push([0, at(5), 'three'], [0, at(6), 'one again']);
    expect(textsOf(all)).toEqual(['One', null, 'ONE more', 'one again']);
    all.setFilter({ text: 'one', isExpression: false, hides: false });
    expect(all.shown).toHaveLength(6);
    expect(all.shown.map((line) => all.rangesOf(line))).toEqual([[0, 3], null, null, [0, 3], null, [0, 3]]);
  });

  it('asks a worker for expressions, in order, and shows what it finds', () => {
    const rig = new Rig();
    const view = rig.view();
    rig.push(...rows(0, 30));
    view.setFilter({ text: '[15]$', isExpression: true, hides: true });
    expect(view.shown).toHaveLength(0);
    rig.push(...rows(30, 10));
    rig.workers[0]?.answer();
    rig.workers[0]?.answer();
    expect(textsOf(view)).toEqual(['line 1', 'line 5', 'line 11', 'line 15', 'line 21', 'line 25', 'line 31', 'line 35']);
    expect(view.rangesOf(view.shown[0] ?? { id: 0, source: 0, at: '', text: '', cut: 0 })).toEqual([5, 6]);
  });

  it('gives up an expression that never ends, and shows everything', () => {
    const rig = new Rig();
    const view = rig.view();
    rig.push(...rows(0, 5));
    view.setFilter({ text: '(a+)+$', isExpression: true, hides: true });
    for (const timer of [...rig.timers]) timer();
    expect(view.tooSlow).toBe(true);
    expect(rig.workers[0]?.terminated).toBe(true);
    expect(view.shown).toHaveLength(5);
    rig.push(...rows(5, 1));
    expect(view.shown).toHaveLength(6);
    view.setFilter({ text: 'line', isExpression: true, hides: true });
    expect(view.tooSlow).toBe(false);
  });
});

describe('what is found', () => {
  it('is where it stands', () => {
    expect(findText('ab', 'xABab')).toEqual([1, 3, 3, 5]);
    expect(findText('ab', 'x')).toBeNull();
    expect(findRanges(/b*/g, 'ab')).toEqual([0, 0, 1, 2, 2, 2]);
    expect(checkExpression('(')).not.toBeNull();
    expect(checkExpression('a|b')).toBeNull();
  });
});

describe('sources', () => {
  const pod = (name: string, phase = 'Running', restarts = 0) => ({
    ...{ name, workload: 'web', version: 'v1', phase, ready: true, restarts },
    containers: [
      { name: 'app', role: 'app', restarted: restarts > 0 },
      { name: 'istio-proxy', role: 'proxy', restarted: false },
      { name: 'istio-init', role: 'init', restarted: false },
    ] as const,
  });
  const chosen = (pods: readonly string[] = [], containers: readonly string[] = [], previous = false) => ({ pods, containers, previous });
  it('are all that run, or those that were chosen', () => {
    const pods = [pod('web-5f-aaaaa'), pod('web-5f-bbbbb')];
    expect(chooseSources(pods, chosen()).sources.map(({ short, container }) => `${short} ${container}`)).toEqual([
      'aaaaa app',
      'aaaaa istio-proxy',
      'bbbbb app',
      'bbbbb istio-proxy',
    ]);
    expect(chooseSources(pods, chosen(['web-5f-bbbbb'], ['istio-init'])).sources).toMatchObject([
      { pod: 'web-5f-bbbbb', container: 'istio-init' },
    ]);
    expect(listContainers(pods).map(({ name }) => name)).toEqual(['app', 'istio-proxy', 'istio-init']);
    const many = Array.from({ length: 30 }, (_, i) => pod(`web-${i}`));
    expect(chooseSources(many, chosen())).toMatchObject({ left: 20 });
  });

  it('are those that run while any does; those that have run where they are chosen, or alone', () => {
    const pods = [pod('web-0'), pod('web-1', 'Failed'), pod('web-2', 'Succeeded')];
    const podsOf = (all: typeof pods, which = chosen()): readonly string[] => [
      ...new Set(chooseSources(all, which).sources.map((source) => source.pod)),
    ];
    expect(podsOf(pods)).toEqual(['web-0']);
    expect(podsOf(pods, chosen(['web-1']))).toEqual(['web-1']);
    expect(podsOf(pods.slice(1))).toEqual(['web-1', 'web-2']);
    expect(chooseSources(pods, chosen(['web-1'])).sources[0]).toMatchObject({ finished: true });
  });

  it('are those that were restarted where the log from before is asked for', () => {
    const pods = [pod('web-0'), pod('web-1', 'Running', 3)];
    expect(chooseSources(pods, chosen([], [], true)).sources).toMatchObject([{ pod: 'web-1', container: 'app' }]);
    // Nothing was restarted: the API server is asked, and says so.
    expect(chooseSources([pod('web-0')], chosen([], [], true)).sources).toHaveLength(2);
  });
});
