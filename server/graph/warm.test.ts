// What is prepared beforehand: it changes no graph, and leaves nothing to name for the first view of any kind.
import { describe, expect, it } from 'vitest';
import { GRAPH_TYPES } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW } from '../../model/wire';
import { GraphEncoder } from './encode';
import { GraphMemory } from './memory';
import { projectGraph } from './project';
import { inventoryOf, snapshotOf } from './testing/mesh-fixture';
import { randomMesh } from './testing/random-mesh';

const views = GRAPH_TYPES.flatMap((graphType) => [true, false].map((serviceNodes) => ({ ...DEFAULT_VIEW, graphType, serviceNodes })));

describe('GraphMemory.warm', () => {
  it.each([1, 2, 3])('leaves no node and no edge to be named, and changes no graph (mesh %i)', (seed) => {
    const mesh = randomMesh(seed);
    const [cold, warm] = [new GraphMemory(compileHealthRules([])), new GraphMemory(compileHealthRules([]))];
    const read = (memory: GraphMemory) => memory.read(snapshotOf(mesh.traffic), inventoryOf(mesh.cluster));
    const prepared = read(warm);
    const encoder = new GraphEncoder();
    expect([...warm.warm(prepared, encoder)].length).toBeGreaterThan(1);
    const { topology } = prepared.index;
    const [nodes, edges, generation] = [topology.nodes.length, topology.edgeSource.length, topology.generation];
    const other = read(cold);
    for (const view of views) expect(projectGraph(prepared, view).graph).toEqual(projectGraph(other, view).graph);
    expect([topology.nodes.length, topology.edgeSource.length, topology.generation]).toEqual([nodes, edges, generation]);
  });

  it('gives way as soon as newer traffic is prepared', () => {
    const mesh = randomMesh(4);
    const memory = new GraphMemory(compileHealthRules([]));
    const work = memory.warm(memory.read(snapshotOf(mesh.traffic), inventoryOf(mesh.cluster)), new GraphEncoder());
    expect(work.next().done).toBe(false);
    projectGraph(memory.read(snapshotOf(mesh.traffic.slice(1)), inventoryOf(mesh.cluster)), DEFAULT_VIEW);
    expect(work.next().done).toBe(true);
  });
});
