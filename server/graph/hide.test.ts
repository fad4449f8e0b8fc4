// Hide on the server: before folding, with labels and identities, within what the reader sees, and without losing traffic that stays.
import { describe, expect, it } from 'vitest';
import { matchQuery, parseQuery } from '../../model/find/query';
import { completeHide } from '../../model/find/server-query';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { findFacts } from './find-facts';
import { GraphMemory, type PreparedTraffic } from './memory';
import { type Projection, projectGraph } from './project';
import { BOOKINFO_CLUSTER, BOOKINFO_TRAFFIC } from './testing/bookinfo';
import { guardedMesh } from './testing/guarded-mesh';
import { inventoryOf, snapshotOf } from './testing/mesh-fixture';

const memory = new GraphMemory(compileHealthRules([]));
const cluster = {
  ...BOOKINFO_CLUSTER,
  workloads: { ...BOOKINFO_CLUSTER.workloads, 'bookinfo/ratings-v1': { podLabels: { team: 'stars' } } },
};
const traffic: PreparedTraffic = memory.read(snapshotOf(BOOKINFO_TRAFFIC), inventoryOf(cluster));
const WORKLOADS: ViewSpec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false };
const project = (hide: string, view: Partial<ViewSpec> = {}): Projection =>
  projectGraph(traffic, completeHide({ ...WORKLOADS, ...view, hide }));
const names = ({ graph }: Projection): string[] => graph.nodes.map(({ label }) => label).sort();

describe('hide', () => {
  it('leaves what fails, unfolded, with both ends, although the level folds', () => {
    const all = project('', { level: 'full' });
    const failing = all.graph.edges.filter(({ health }) => health === 'failure' || health === 'degraded');
    const left = project('healthy', { level: 'auto' });
    expect(failing.length).toBeGreaterThan(0);
    expect(left.graph.edges.map(({ id }) => id)).toEqual(failing.map(({ id }) => id));
    expect(left.folded).toBe(false);
    expect(left.graph.nodes.length).toBeLessThan(all.graph.nodes.length);
  });

  it('counts before folding', () => {
    const left = project('workload startswith reviews', { level: 'namespaces' });
    expect(left.graph.nodes.find(({ kind, namespace }) => kind === 'namespace' && namespace === 'bookinfo')?.members).toBe(4);
  });

  it('takes hidden traffic from the totals and from nothing else', () => {
    const all = project('');
    const left = project('protocol = tcp');
    expect(all.totals.tcpBytesPerSecond).toBe(1000);
    expect(left.totals.tcpBytesPerSecond).toBe(0);
    expect(left.totals.requestsPerSecond).toBe(all.totals.requestsPerSecond);
    const into = (p: Projection): unknown => p.graph.nodes.find(({ label }) => label === 'reviews-v3')?.inbound;
    expect(into(project('workload = productpage-v1'))).toEqual(into(all));
  });

  it('knows labels, identities and ranks, although the view shows none of them', () => {
    expect(names(project('label:team = stars'))).toEqual(names(project('workload = ratings-v1')));
    expect(names(project('!label:team'))).toEqual(['ratings-v1']);
    expect(names(project('rank = 1')).length).toBeLessThan(names(project('')).length);
    const find = parseQuery('sourceprincipal endswith /sa/productpage-v1 OR sourceprincipal contains ns/bookinfo/sa/');
    const all = project('');
    const found = matchQuery(find, all.graph, findFacts(all));
    expect(found?.edges.some((mark) => mark !== 0)).toBe(true);
  });

  it('reads the overlays that the expression asks for', () => {
    expect(completeHide({ ...WORKLOADS, hide: 'rt < 100' })).toMatchObject({ hide: 'responsetime < 100', overlays: ['quantiles'] });
    expect(completeHide({ ...WORKLOADS, hide: 'rt < 100', overlays: ['latency'] }).overlays).toEqual(['latency']);
  });

  it('rejects in the words of the parser', () => {
    expect(() => completeHide({ ...WORKLOADS, hide: 'foo = bar' })).toThrow(
      expect.objectContaining({ code: 'badRequest', detail: "hide: Unknown operand 'foo', at character 1" }),
    );
  });
});

it('finds nothing by what the reader may not see', () => {
  const mesh = guardedMesh(3);
  const whole = new GraphMemory(compileHealthRules([])).read(mesh.snapshot, mesh.inventory);
  const [seen = '', ...others] = mesh.namespaces;
  const all = projectGraph(whole, WORKLOADS, undefined, new Set([seen]));
  const facts = findFacts(all);
  for (const other of others)
    for (const mark of mesh.marksOf(other))
      for (const text of [
        `name contains "${mark}"`,
        `host contains "${mark}"`,
        `label:owner = "${mark}"`,
        `destprincipal contains "${mark}"`,
        `sourceprincipal contains "${mark}"`,
      ]) {
        const found = matchQuery(parseQuery(text), all.graph, facts);
        expect(found?.nodes.some((m) => m !== 0) === true || found?.edges.some((m) => m !== 0) === true, text).toBe(false);
      }
});
