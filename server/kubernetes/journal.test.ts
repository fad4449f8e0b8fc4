// The journal, leases and cases on a simulated API server.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeRecord, Manifest } from '../../model/change';
import { startTestCluster, type TestCluster } from '../../sim/kubernetes/fixtures/small-cluster';
import { systemClock } from '../clock';
import { createCases } from './cases';
import { type ApiClient, createApiClient } from './client';
import { readConnection } from './connection';
import { decodeRecord } from './decode-record';
import { createJournal } from './journal';
import { KeptMaps } from './kept-map';
import { createLeases } from './leases';

const signal = new AbortController().signal;
const MAPS = '/api/v1/namespaces/empty/configmaps';
const REF = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' } as const;
const manifestOf = (text: string): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  spec: { hosts: ['reviews'], text },
});
const record = (id: string, part: Partial<ChangeRecord> = {}, text = ''): ChangeRecord => ({
  id,
  state: 'waiting',
  by: { name: 'alice', subject: 'a' },
  createdAtMs: 1000,
  reason: 'why not',
  override: null,
  steps: [
    {
      action: 'update',
      ref: REF,
      resourceVersion: '7',
      before: manifestOf(text),
      after: manifestOf(`${text}x`),
      patch: [{ op: 'replace', path: '/spec/text', value: null }],
      words: ['text'],
      waitAfter: { host: 'reviews', subset: null, readyPods: 1 },
      state: 'written',
      written: { resourceVersion: '8', uid: 'u' },
    },
  ],
  acceptedFindings: [{ code: 'IST0101', object: REF, message: 'm' }],
  hosts: ['reviews.bookinfo.svc.cluster.local'],
  confirm: { revertAfterSeconds: 60, guard: { errorPercentPoints: 5, latencyFactor: null } },
  revertBy: 'console',
  deadlineMs: 2000,
  confirmedBy: null,
  endedAtMs: null,
  outcome: null,
  remains: [],
  before: { atMs: 1, requestsPerSecond: 2, errorPercent: 0, p95Ms: null, byDestination: [] },
  after: null,
  measures: [],
  undoes: null,
  undoneBy: null,
  ...part,
});

let cluster: TestCluster;
let client: ApiClient;
const folder = mkdtempSync(join(tmpdir(), 'heddle-journal-'));
const unreadable: string[] = [];
const namesOf = (): readonly string[] =>
  cluster.store
    .list('configmaps', 'empty')
    .map(({ metadata }) => metadata.name)
    .sort();
const partsOf = (id: string): readonly string[] => namesOf().filter((name) => name.startsWith(`heddle-change-${id}.`));
const journal = () => createJournal(new KeptMaps(() => client, 'empty'), (name) => unreadable.push(name));

beforeAll(async () => {
  cluster = await startTestCluster();
  const path = join(folder, 'config');
  const context = {
    clusters: [{ name: 'c', cluster: { server: cluster.server.url } }],
    users: [{ name: 'u', user: { token: 'admin-token' } }],
  };
  writeFileSync(
    path,
    JSON.stringify({ 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], ...context }),
  );
  client = createApiClient(readConnection({ kubeconfig: path, context: undefined, kubeconfigList: undefined }), systemClock);
});
afterAll(async () => {
  await client.close();
  await cluster.server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  for (const { metadata } of cluster.store.list('configmaps', 'empty')) cluster.store.remove('configmaps', 'empty', metadata.name);
  unreadable.length = 0;
});

describe('the journal', () => {
  it('gives back what was written, newest first, and the open ones apart', async () => {
    const made = await journal().create(record('a'), signal);
    await journal().create(record('b', { createdAtMs: 2000, state: 'kept', endedAtMs: 3000 }), signal);
    expect(made.record).toEqual(record('a'));
    expect((await journal().list(signal)).map((entry) => entry.record.id)).toEqual(['b', 'a']);
    expect((await journal().listOpen(signal)).map((entry) => entry.record.id)).toEqual(['a']);
    const ended = await journal().update({ ...made.record, state: 'reverted' }, made.version, signal);
    expect(await journal().listOpen(signal)).toEqual([]);
    await expect(journal().update(record('a'), made.version, signal)).rejects.toMatchObject({ code: 'conflict' });
    expect(await journal().read('a', signal)).toEqual(ended);
    await expect(journal().create(record('a'), signal)).rejects.toMatchObject({ code: 'conflict' });
    await journal().remove('a', signal);
    await journal().remove('a', signal);
    expect(await journal().read('a', signal)).toBeNull();
    for (const id of ['../x', 'A', '']) expect(await journal().read(id, signal)).toBeNull();
  });

  it('keeps large objects, and says what is too large', async () => {
    // Text that does not compress: the second version costs next to nothing, since it is mostly the first.
    const large = randomBytes(300_000).toString('base64');
    await journal().create(record('large', {}, large), signal);
    expect((await journal().read('large', signal))?.record).toEqual(record('large', {}, large));
  });

  it('decodes what does not change once, and what was written since anew', async () => {
    const one = journal();
    await one.create(record('a'), signal);
    await one.create(record('b'), signal);
    const byId = async (id: string) => (await one.list(signal)).find((entry) => entry.record.id === id);
    const [a, b] = [await byId('a'), await byId('b')];
    expect(await byId('a')).toBe(a);
    // Another console leads it on, or removes it.
    await journal().update({ ...record('a'), state: 'kept', outcome: 'kept' }, a?.version ?? '', signal);
    await journal().remove('b', signal);
    expect((await byId('a'))?.record).toMatchObject({ state: 'kept', outcome: 'kept' });
    expect(await byId('b')).toBeUndefined();
    await journal().create(record('b', { reason: 'again' }), signal);
    expect((await byId('b'))?.record.reason).toBe('again');
    expect(b?.record.reason).not.toBe('again');
  });

  it('keeps the objects of a larger change apart, and the entry in one piece', async () => {
    const huge = randomBytes(1_500_000).toString('base64');
    const made = await journal().create(record('huge', {}, huge), signal);
    expect(made.record).toEqual(record('huge', {}, huge));
    expect(namesOf()).toEqual(['heddle-change-huge', ...partsOf('huge')]);
    expect(partsOf('huge').length).toBeGreaterThan(1);
    // Another console, which has seen nothing of it, leads it on; the parts stay as they are.
    const read = await journal().read('huge', signal);
    const ended = { ...record('huge', {}, huge), state: 'kept', outcome: 'kept' } as const;
    const before = cluster.store.list('configmaps', 'empty').map(({ metadata }) => metadata.resourceVersion);
    const updated = await journal().update(ended, read?.version ?? '', signal);
    expect(updated.record).toEqual(ended);
    const after = cluster.store.list('configmaps', 'empty').map(({ metadata }) => metadata.resourceVersion);
    expect(after.filter((version, i) => version !== before[i])).toHaveLength(1);
    await expect(journal().update(ended, made.version, signal)).rejects.toMatchObject({ code: 'conflict' });
    await expect(journal().create(record('huge', {}, huge), signal)).rejects.toMatchObject({ code: 'conflict' });
    expect((await journal().list(signal)).map((entry) => entry.record)).toEqual([ended]);
    expect(await journal().listOpen(signal)).toEqual([]);
    await journal().remove('huge', signal);
    expect(namesOf()).toEqual([]);
  });

  it('reads no entry whose parts are cut or gone, and tells of it', async () => {
    const huge = randomBytes(1_500_000).toString('base64');
    await journal().create(record('huge', {}, huge), signal);
    const [first] = partsOf('huge');
    await cluster.send('PATCH', `${MAPS}/${first}`, {
      body: { binaryData: { part: Buffer.from('other').toString('base64') } },
      type: 'application/merge-patch+json',
    });
    expect(await journal().list(signal)).toEqual([]);
    cluster.store.remove('configmaps', 'empty', first ?? '');
    await expect(journal().read('huge', signal)).rejects.toMatchObject({ code: 'clusterMalformed' });
    expect(unreadable).toEqual(['heddle-change-huge']);
    await journal().remove('huge', signal);
    expect(namesOf()).toEqual([]);
  });

  it('leaves nothing behind where the entry itself is refused, and says what is too large before anything is written', async () => {
    const huge = randomBytes(1_500_000).toString('base64');
    let posts = 0;
    const isHead = ({ method }: { readonly method: string }): boolean => method === 'POST' && ++posts === 3;
    cluster.server.faults.add({ matches: isHead, action: { kind: 'status', code: 403 }, times: 1 });
    await expect(journal().create(record('huge', {}, huge), signal)).rejects.toMatchObject({ code: 'forbidden' });
    expect(namesOf()).toEqual([]);
    const many = Array.from({ length: 10 }, () => record('x', {}, randomBytes(1_600_000).toString('base64')).steps).flat();
    await expect(journal().create(record('all', { steps: many }), signal)).rejects.toMatchObject({
      code: 'tooLarge',
      detail: expect.stringMatching(/1\d\.\d MB, compressed, of 14\.4 MB/) as unknown,
      next: expect.stringContaining('Nothing was written') as unknown,
    });
    expect(namesOf()).toEqual([]);
  });

  it('leaves out what others wrote, and tells of it', async () => {
    const put = (name: string, content: object): Promise<unknown> =>
      cluster.send('POST', MAPS, {
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, labels: { 'heddle.dev/journal': 'true', 'heddle.dev/open': 'true' } },
          ...content,
        },
      });
    await journal().create(record('good'), signal);
    await put('heddle-change-empty', {});
    await put('heddle-change-text', { data: { record: 'hello' } });
    await put('heddle-change-half', { data: { record: JSON.stringify({ id: 'half' }) } });
    await put('heddle-change-packed', { binaryData: { record: Buffer.from('no brotli').toString('base64') } });
    expect((await journal().listOpen(signal)).map((entry) => entry.record.id)).toEqual(['good']);
    expect(unreadable).toHaveLength(4);
  });

  it.each<readonly [string, (good: ChangeRecord) => unknown]>([
    ['a path in a name', (good) => ({ ...good, steps: [{ ...good.steps[0], ref: { ...REF, name: '../../secrets' } }] })],
    ['a kind of nobody’s', (good) => ({ ...good, steps: [{ ...good.steps[0], ref: { ...REF, kind: 'Secret' } }] })],
    ['another apiVersion', (good) => ({ ...good, steps: [{ ...good.steps[0], after: { ...manifestOf(''), apiVersion: '../v1' } }] })],
    ['an unknown state', (good) => ({ ...good, state: 'done' })],
    ['no steps', (good) => ({ ...good, steps: null })],
    ['nothing', () => null],
  ])('reads no record with %s', (_name, spoil) => {
    expect(decodeRecord(record('a'))).toEqual(record('a'));
    expect(decodeRecord(JSON.parse(JSON.stringify(spoil(record('a')))))).toBeNull();
  });

  it('says which right is missing', async () => {
    cluster.server.faults.add({ action: { kind: 'status', code: 403 }, times: 1 });
    await expect(journal().list(signal)).rejects.toMatchObject({
      code: 'forbidden',
      next: expect.stringContaining('changes.namespace') as unknown,
    });
  });
});

describe('a lease', () => {
  it('is one holder’s until it is renewed by another who saw it', async () => {
    const leases = createLeases(() => client, 'empty', systemClock);
    expect(await leases.read('l', signal)).toBeNull();
    const first = await leases.hold('l', 'a', null, 20, signal);
    expect(await leases.hold('l', 'b', null, 20, signal)).toBeNull();
    expect(await leases.read('l', signal)).toEqual({ holder: 'a', version: first });
    const second = await leases.hold('l', 'b', first, 20, signal);
    expect(await leases.hold('l', 'a', first, 20, signal)).toBeNull();
    expect(await leases.list(signal)).toEqual([{ name: 'l', version: second }]);
    await leases.remove('l', first ?? '', signal);
    expect(await leases.read('l', signal)).toMatchObject({ holder: 'b' });
    await leases.remove('l', second ?? '', signal);
    expect(await leases.read('l', signal)).toBeNull();
  });
});

describe('cases', () => {
  const question = {
    source: { namespace: 'a', workload: 'w' },
    host: 'h',
    port: 80,
    protocol: 'http',
    method: 'GET',
    path: '/',
    headers: {},
  } as const;
  it('are kept by their id, also when two save at once', async () => {
    const cases = createCases(new KeptMaps(() => client, 'empty'));
    expect(await cases.list(signal)).toEqual([]);
    await cases.save({ id: 'zero', name: 'zero', question, expected: '' }, signal);
    await Promise.all(['one', 'two', 'three'].map((id) => cases.save({ id, name: id, question, expected: id }, signal)));
    expect((await cases.list(signal)).map(({ id }) => id)).toEqual(['one', 'three', 'two', 'zero']);
    await cases.remove('two', signal);
    expect((await cases.list(signal)).map(({ id }) => id)).toEqual(['one', 'three', 'zero']);
  });
});
