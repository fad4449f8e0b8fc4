// The analysis of the mesh in slices: what is told while it runs, and that nothing is told of objects that were written since.
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../model/inventory';
import { finish } from '../istio/memo';
import { findInSteps } from '../steering/mesh-findings';
import { changed, documents, inventoryOf, service } from '../steering/testing/mesh';
import { FakeClock } from '../testing/fake-clock';
import { Analyses } from './analyses';

const rules = (subset: string): string =>
  `kind: VirtualService\nmetadata: {namespace: shop, name: api}\nspec: {hosts: [api], http: [{route: [{destination: {host: api, subset: ${subset}}}]}]}`;
const MESH = inventoryOf(
  documents(
    service('shop', 'web'),
    service('shop', 'api', ['v1', 'v2']),
    'kind: DestinationRule\nmetadata: {namespace: shop, name: api}\nspec: {host: api, subsets: [{name: v1, labels: {version: v1}}]}',
    rules('v9'),
  ),
);
const MENDED = changed(MESH, rules('v1'));
const withOtherPods = (inventory: Inventory): Inventory => ({
  ...inventory,
  revision: inventory.revision + 1,
  pods: new Map(inventory.pods),
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function start(inventory: Inventory | null, sliceMs = 0) {
  const clock = new FakeClock();
  const cluster = { now: inventory, inventory: () => cluster.now };
  const defects: unknown[] = [];
  const analyses = new Analyses({ clock, cluster, sliceMs, onDefect: (what, error) => defects.push(what, error) });
  return { clock, cluster, analyses, defects };
}

describe('analyses', () => {
  it('find what is found in one go, and let others in between', async () => {
    const { analyses } = start(MESH);
    let turns = 0;
    let over = false;
    const asked = analyses.fetch().finally(() => {
      over = true;
    });
    while (!over) {
      await turn();
      turns++;
    }
    const { findings, entities, inventory } = (await asked) ?? {};
    const whole = finish(findInSteps({ ...MESH }, 0));
    expect({ findings, entities }).toEqual({ findings: whole.findings, entities: whole.entities });
    expect(findings?.map(({ code }) => code)).toContain('IST0101');
    expect(inventory).toBe(MESH);
    expect(turns).toBeGreaterThan(10);
  });

  it('say that nothing is known before the cluster was read', async () => {
    expect(await start(null).analyses.fetch()).toBeNull();
  });

  it('are run once for all who ask meanwhile', async () => {
    const { analyses } = start(MESH);
    const [one, other] = await Promise.all([analyses.fetch(), analyses.fetch()]);
    expect(one).toBe(other);
  });

  it('never tell of an object what was true before it was written', async () => {
    const { analyses, cluster } = start(MESH);
    await analyses.fetch();
    cluster.now = MENDED;
    expect(analyses.latest()).toBeNull();
    const known = await analyses.fetch();
    expect(known?.inventory).toBe(MENDED);
    expect(known?.findings).toEqual([]);
  });

  it('answer who asks while older objects are looked at with the newer ones', async () => {
    const { analyses, cluster } = start(MENDED);
    const first = analyses.fetch();
    await turn();
    cluster.now = changed(MENDED, rules('v9'));
    const second = await analyses.fetch();
    expect((await first)?.inventory).toBe(MENDED);
    expect(second?.inventory).toBe(cluster.now);
    expect(second?.findings.map(({ code }) => code)).toContain('IST0101');
  });

  it('are not waited for where only pods changed, and made anew after a while', async () => {
    const { analyses, cluster, clock } = start(MESH, 1000);
    const first = await analyses.fetch();
    cluster.now = withOtherPods(MESH);
    const second = await analyses.fetch();
    expect(second?.serial).toBe(first?.serial);
    expect(second?.inventory).toBe(cluster.now);
    await clock.advance(31_000);
    expect((await analyses.fetch())?.serial).toBe(first?.serial);
    await turn();
    expect(analyses.latest()?.serial).toBe((first?.serial ?? 0) + 1);
  });

  it('follow a written object at once, and what hangs on pods after a while', async () => {
    const { analyses, cluster, clock } = start(MENDED, 1000);
    expect((await analyses.fetch())?.findings).toEqual([]);
    // The pods of v1 are gone, and somebody writes another object.
    const written = changed(
      MENDED,
      'kind: VirtualService\nmetadata: {namespace: shop, name: web}\nspec: {hosts: [web], http: [{route: [{destination: {host: gone}}]}]}',
    );
    cluster.now = { ...written, pods: new Map([...written.pods].filter(([, { name }]) => !name.startsWith('api-v1'))) };
    const codes = async () => (await analyses.fetch())?.findings.map(({ code, object }) => `${code} ${object.name}`);
    expect(await codes()).toEqual(['IST0101 web']);
    await clock.advance(31_000);
    await codes();
    await turn();
    expect(await codes()).toEqual(expect.arrayContaining(['IST0101 web', expect.stringContaining(' api')]));
  });

  it('are kept ready while somebody asks, and not for nobody', async () => {
    const { analyses, cluster, clock } = start(MESH, 1000);
    analyses.noteChange();
    await turn();
    expect(analyses.latest()?.serial).toBe(1);
    // Made once for whoever comes first; until he does, not again.
    cluster.now = withOtherPods(MESH);
    await clock.advance(31_000);
    analyses.noteChange();
    await turn();
    expect(analyses.latest()?.serial).toBe(1);
    await analyses.fetch();
    await turn();
    cluster.now = MESH;
    const { serial = 0 } = (await analyses.fetch()) ?? {};
    cluster.now = MENDED;
    analyses.noteChange();
    await turn();
    expect(analyses.latest()).toMatchObject({ inventory: MENDED, findings: [], serial: serial + 1 });
    await clock.advance(61_000);
    cluster.now = MESH;
    analyses.noteChange();
    await turn();
    expect(analyses.latest()).toBeNull();
  });

  it('end with the engine', async () => {
    const { analyses, defects } = start(MESH);
    analyses.noteChange();
    analyses.close();
    await turn();
    await turn();
    expect(analyses.latest()).toBeNull();
    expect(defects).toEqual([]);
  });
});
