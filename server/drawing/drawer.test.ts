// Tests of the drawer: a drawing a thread, one at a time, a bound on who waits, failures in words. The worker is scripted, the drawing real.
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { sampleDocument, sampleEdge, sampleNode } from '../../components/graph/sample-graph';
import { FakeClock } from '../testing/fake-clock';
import { type DrawRequest, drawGraph, MAX_DRAWN } from './draw';
import { createDrawer, type Drawn } from './drawer';

const REQUEST: DrawRequest = { format: 'dot', labels: ['rate'], edgeMode: 'all', theme: 'light', page: 'https://mesh.example/graph' };
const DOCUMENT = sampleDocument({
  nodes: [sampleNode('web'), sampleNode('api')],
  edges: [sampleEdge('web', 'api')],
  atMs: 1_700_000_000_000,
});
const bytesOf = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));

class ScriptedWorker extends EventEmitter {
  terminated = false;
  unref(): void {
    // Nothing runs here.
  }
  terminate(): Promise<number> {
    this.terminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
  answer(drawn: Drawn): void {
    this.emit('message', drawn);
    this.emit('exit', 0);
  }
}

function scripted() {
  const clock = new FakeClock(0);
  const workers: ScriptedWorker[] = [];
  const drawer = createDrawer('/worker.mjs', clock, () => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { clock, workers, drawer };
}
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('drawGraph', () => {
  it('names the file by view and instant, and pins the address in time', () => {
    const { name, text } = drawGraph(bytesOf(DOCUMENT), REQUEST);
    expect(name).toBe('heddle-versionedApp-all-namespaces-1m-20231114T221320Z.dot');
    expect(text).toContain('https://mesh.example/graph?at=1700000000');
    expect(drawGraph(bytesOf(DOCUMENT), { ...REQUEST, page: '' }).text).not.toContain('mesh.example');
  });

  it('reads memory that threads share', () => {
    const bytes = bytesOf(DOCUMENT);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(drawGraph(shared, REQUEST)).toEqual(drawGraph(bytes, REQUEST));
  });

  it('refuses a picture that would be too large, with what to do', () => {
    const huge = bytesOf({ ...DOCUMENT, edges: Array.from({ length: MAX_DRAWN }, () => sampleEdge('web', 'api')) });
    expect(() => drawGraph(huge, { ...REQUEST, format: 'svg' })).toThrow(/60002 nodes and edges/);
    expect(drawGraph(huge, { ...REQUEST, format: 'csv' }).text.length).toBeGreaterThan(MAX_DRAWN);
  });
});

describe('createDrawer', () => {
  it('draws in this thread where there is no bundle', async () => {
    const drawer = createDrawer(null, new FakeClock(0));
    expect(await drawer.draw(bytesOf(DOCUMENT), REQUEST)).toEqual(drawGraph(bytesOf(DOCUMENT), REQUEST));
    await drawer.close();
  });

  it('draws one after the other, and refuses when too many wait', async () => {
    const { drawer, workers } = scripted();
    const drawings = Array.from({ length: 8 }, () => drawer.draw(bytesOf(DOCUMENT), REQUEST));
    await expect(drawer.draw(bytesOf(DOCUMENT), REQUEST)).rejects.toMatchObject({ code: 'tooManyRequests' });
    for (let i = 0; i < 8; i++) {
      await settle();
      expect(workers).toHaveLength(i + 1);
      workers[i]?.answer({ type: 'file', file: { name: `${i}`, text: '' } });
    }
    expect((await Promise.all(drawings)).map(({ name }) => name).join('')).toBe('01234567');
  });

  it('gives up on a drawing that takes too long, fails or ends, and goes on with the next', async () => {
    const { drawer, workers, clock } = scripted();
    const [slow, broken, ended, refused, good] = Array.from({ length: 5 }, () => drawer.draw(bytesOf(DOCUMENT), REQUEST));
    const answers = Promise.allSettled([slow, broken, ended, refused, good]);
    await settle();
    await clock.advance(60_000);
    expect(workers[0]?.terminated).toBe(true);
    await settle();
    workers[1]?.emit('error', new Error('out of memory'));
    await settle();
    workers[2]?.emit('exit', 1);
    await settle();
    workers[3]?.answer({ type: 'failure', code: 'tooLarge', detail: 'too many', next: 'Fold.' });
    await settle();
    workers[4]?.answer({ type: 'file', file: { name: 'good', text: '' } });
    const [first, second, third, fourth, fifth] = await answers;
    expect([first, second, third].map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual([
      'internal',
      'internal',
      'internal',
    ]);
    expect(fourth).toMatchObject({ status: 'rejected', reason: { code: 'tooLarge' } });
    expect(fifth).toMatchObject({ status: 'fulfilled', value: { name: 'good' } });
  });

  it('ends what it draws when it is closed', async () => {
    const { drawer, workers } = scripted();
    const drawing = drawer.draw(bytesOf(DOCUMENT), REQUEST);
    await settle();
    const refused = expect(drawing).rejects.toMatchObject({ code: 'internal' });
    await drawer.close();
    expect(workers[0]?.terminated).toBe(true);
    await refused;
  });
});
