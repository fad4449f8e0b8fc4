// The desk of logs: live tails under pressure, who may read, how much at once.
import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../model/failure';
import { decodeLogQuery } from '../../model/log-query';
import type { Access } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { createLogDesk, type LogReader } from './log-desk';
import { at, ScriptedLogs, settle } from './testing/scripted-logs';

const everything: Access = { sight: null, isAdmin: true, allows: () => true };
const reader = (access: Access = everything, subject = 'ann'): LogReader => ({
  access,
  caller: {
    user: { strategy: 'header', subject, name: subject, groups: [] },
    credential: { kind: 'console' },
    address: '127.0.0.1',
    sessionId: null,
  },
});
const query = (text = 'source=web-0/app') => decodeLogQuery(new URLSearchParams(text));
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function open(limits = { perUser: 3, all: 4 }) {
  const port = new ScriptedLogs();
  const clock = new FakeClock(Date.parse(at(30)));
  const desk = createLogDesk({
    port,
    clock,
    limits,
    onDefect: (error) => {
      throw error;
    },
  });
  closing.push(() => desk.close());
  return { port, clock, desk };
}

class Sink {
  readonly events: {
    readonly type: string;
    readonly data: { readonly rows?: readonly (readonly [number, string, string | null, number?])[] };
  }[] = [];
  isOpen = true;
  isFull = false;
  write = (chunk: Uint8Array): boolean => {
    const [, type = '', data = 'null'] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(Buffer.from(chunk).toString()) ?? [];
    if (type !== '') this.events.push({ type, data: JSON.parse(data) as Sink['events'][number]['data'] });
    return !this.isFull;
  };
  close = (): void => {
    this.isOpen = false;
  };
  get rows() {
    return this.events.flatMap(({ data }) => data.rows ?? []);
  }
}

describe('a live tail', () => {
  it('begins with the last lines and goes on with new ones, by time', async () => {
    const { port, clock, desk } = open();
    port.write('web-0/app', { at: at(1), text: 'a1' });
    const sink = new Sink();
    desk.openTail(reader(), 'shop', query('source=web-0/app&source=web-0/istio-proxy'), sink);
    await settle();
    port.write('web-0/istio-proxy', { at: at(5), text: 'p' });
    port.write('web-0/app', { at: at(4), text: 'a2' });
    for (let i = 0; i < 4; i++) {
      await settle();
      await clock.advance(150);
    }
    expect(sink.events[0]?.type).toBe('sources');
    expect(sink.rows.map(([source, , text]) => `${source} ${text ?? ''}`)).toEqual(['0 a1', '0 a2', '1 p']);
  });

  it('drops the oldest of what a slow reader does not take, and says how many; order stays', async () => {
    const { port, clock, desk } = open();
    const sink = new Sink();
    const tail = desk.openTail(reader(), 'shop', query(), sink);
    await settle();
    sink.isFull = true;
    let n = 0;
    const write = async (count: number): Promise<void> => {
      port.write('web-0/app', ...Array.from({ length: count }, () => ({ at: at(31 + n / 10_000), text: `${n++}` })));
      await settle();
      await clock.advance(150);
      await settle();
    };
    for (let i = 0; i < 20; i++) await write(1000);
    sink.isFull = false;
    tail.drained();
    await write(10);
    const seen: number[] = [];
    let skipped = 0;
    for (const [, , text, cut] of sink.rows)
      if (text === null) skipped += cut ?? 0;
      else seen.push(Number(text));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBe(seen.length);
    expect(skipped).toBeGreaterThan(10_000);
    expect(seen.length + skipped).toBe(n);
  });

  it('lets go of everything when the reader leaves', async () => {
    const { port, desk } = open();
    const tail = desk.openTail(reader(), 'shop', query(), new Sink());
    await settle();
    expect(port.following('web-0/app')).toBe(1);
    expect(desk.encodeMetrics()).toContain('heddle_log_containers_followed 1\n');
    tail.cancel();
    await settle();
    expect(port.following('web-0/app')).toBe(0);
    expect(desk.encodeMetrics()).toContain('heddle_log_containers_followed 0\n');
  });

  it('ends when its pods are gone', async () => {
    const { port, clock, desk } = open();
    port.refusals.set('web-0/app', { outcome: 'refused', why: 'gone', detail: 'pods "web-0" not found' });
    const sink = new Sink();
    desk.openTail(reader(), 'shop', query(), sink);
    await settle();
    await clock.advance(150);
    await settle();
    expect(sink.events.map(({ type }) => type)).toEqual(['sources', 'state']);
    expect(sink.isOpen).toBe(false);
  });
});

describe('who reads', () => {
  const codeOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
      return 'done';
    } catch (error) {
      return (error as Failure).code;
    }
  };
  const signal = new AbortController().signal;

  it('is nobody who does not see the namespace or may not get pods/log', async () => {
    const { port, desk } = open();
    const blind = reader({ sight: ['other'], isAdmin: false, allows: () => true });
    const asked: string[] = [];
    const refused = reader({
      sight: ['shop'],
      isAdmin: false,
      allows: ({ verb, resource, namespace }) => {
        asked.push(`${verb} ${resource} ${namespace ?? ''}`);
        return false;
      },
    });
    for (const [who, code] of [
      [blind, 'notFound'],
      [refused, 'forbidden'],
    ] as const) {
      expect(await codeOf(() => desk.fetchPage(who, 'shop', query(), signal))).toBe(code);
      expect(await codeOf(() => desk.openTail(who, 'shop', query(), new Sink()))).toBe(code);
      expect(await codeOf(() => desk.openText(who, 'shop', query(), signal))).toBe(code);
    }
    expect(new Set(asked)).toEqual(new Set(['get pods/log shop']));
    expect(port.asked).toEqual([]);
  });

  it('is who the API server lets, where it is asked in his own name', async () => {
    const { port, desk } = open();
    const own = reader({ sight: ['shop'], isAdmin: false, allows: () => false });
    const named: LogReader = { ...own, caller: { ...own.caller, credential: { kind: 'impersonate', user: 'ann', groups: [] } } };
    port.write('web-0/app', { at: at(1), text: 'a1' });
    expect((await desk.fetchPage(named, 'shop', query(), signal)).rows).toHaveLength(1);
    port.refusals.set('web-0/app', { outcome: 'refused', why: 'forbidden', detail: 'User "ann" cannot get resource "pods/log"' });
    expect(await codeOf(() => desk.fetchPage(named, 'shop', query(), signal))).toBe('forbidden');
    port.refusals.set('web-0/app', { outcome: 'refused', why: 'unauthorized', detail: 'Unauthorized' });
    expect(await codeOf(() => desk.fetchPage(named, 'shop', query(), signal))).toBe('clusterUnauthorized');
  });

  it('follows so many containers and no more', async () => {
    const { desk } = open();
    const two = query('source=web-0/app&source=web-0/istio-proxy');
    const first = desk.openTail(reader(), 'shop', two, new Sink());
    expect(await codeOf(() => desk.openTail(reader(), 'shop', two, new Sink()))).toBe('tooManyRequests');
    desk.openTail(reader(everything, 'bob'), 'shop', two, new Sink());
    expect(await codeOf(() => desk.openTail(reader(everything, 'eve'), 'shop', query(), new Sink()))).toBe('tooManyRequests');
    first.cancel();
    expect(await codeOf(() => desk.openTail(reader(everything, 'eve'), 'shop', two, new Sink()))).toBe('done');
  });

  it('is given a file of several containers by time', async () => {
    const { port, desk } = open();
    port.write('web-0/app', { at: at(1), text: 'a1' }, { at: at(3), text: 'a2' });
    port.write('web-0/istio-proxy', { at: at(2), text: 'p1' });
    let text = '';
    for await (const chunk of await desk.openText(reader(), 'shop', query('source=web-0/app&source=web-0/istio-proxy'), signal))
      text += Buffer.from(chunk).toString();
    expect(text).toBe(`${at(1)} web-0/app a1\n${at(2)} web-0/istio-proxy p1\n${at(3)} web-0/app a2\n`);
  });
});
