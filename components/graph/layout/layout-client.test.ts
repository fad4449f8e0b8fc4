// The client with a scripted worker: who answers, what is dropped, what happens without one.
import { describe, expect, it } from 'vitest';
import type { LayoutInput } from './arrangement';
import { createLayoutClient } from './layout-client';
import { layoutGraph } from './layout-graph';

const input = (count: number): LayoutInput => ({
  nodes: Array.from({ length: count }, (_, i) => ({ id: `n${i}`, parent: null, width: 50, above: 20, below: 30 })),
  boxes: [],
  edges: Array.from({ length: count - 1 }, (_, i) => ({ source: `n${i >> 1}`, target: `n${i + 1}` })),
  layerGap: 60,
  aspect: 1.6,
  layout: 'flow',
});

class FakeWorker extends EventTarget implements Worker {
  onmessage: Worker['onmessage'] = null;
  onerror: Worker['onerror'] = null;
  onmessageerror: Worker['onmessageerror'] = null;
  terminated = false;
  readonly asked: { id: number; input: LayoutInput }[] = [];
  postMessage(message: { id: number; input: LayoutInput }): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(i: number): void {
    const asked = this.asked[i];
    if (!asked) throw new Error('nothing was asked');
    this.onmessage?.(new MessageEvent('message', { data: { id: asked.id, result: layoutGraph(asked.input) } }));
  }
}

describe('createLayoutClient', () => {
  it('answers small graphs at once, without a worker', async () => {
    const client = createLayoutClient(() => {
      throw new Error('must not start');
    });
    expect((await client.layout(input(5)))?.arrangement.nodes.size).toBe(5);
  });

  it('sends large graphs to the worker; a newer request makes the older one void', async () => {
    const worker = new FakeWorker();
    const client = createLayoutClient(() => worker);
    const old = client.layout(input(200));
    const young = client.layout(input(220));
    expect(await old).toBeNull();
    worker.answer(0);
    worker.answer(1);
    expect((await young)?.arrangement.nodes.size).toBe(220);
    client.stop();
    expect(worker.terminated).toBe(true);
  });

  it('does the work itself where workers are forbidden or break', async () => {
    const none = createLayoutClient(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    expect((await none.layout(input(190)))?.arrangement.nodes.size).toBe(190);
    const worker = new FakeWorker();
    const breaking = createLayoutClient(() => worker);
    const answer = breaking.layout(input(190));
    worker.onerror?.(new Event('error') as ErrorEvent);
    expect((await answer)?.arrangement.nodes.size).toBe(190);
    expect((await breaking.layout(input(191)))?.arrangement.nodes.size).toBe(191);
    expect(worker.asked).toHaveLength(1);
  });

  it('answers null when stopped', async () => {
    const client = createLayoutClient(() => new FakeWorker());
    const answer = client.layout(input(190));
    client.stop();
    expect(await answer).toBeNull();
  });
});
