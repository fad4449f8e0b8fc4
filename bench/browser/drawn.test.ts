// What the bench counts as drawn and as missing. In: a modelled mesh, folded by hand.
import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../model/wire';
import { countDrawn } from './drawn';
import { buildMeshDocument } from './mesh-document';
import { buildMeshModel } from './mesh-model';

const whole = buildMeshDocument(buildMeshModel(60));
const failing = whole.edges.filter(({ health }) => health === 'failure');
const [first] = failing;
if (first === undefined) throw new Error('nothing fails in this mesh');
const without = (id: string): GraphDocument => ({ ...whole, edges: whole.edges.filter((edge) => edge.id !== id) });

describe('countDrawn', () => {
  it('misses nothing in a picture of everything', () => {
    const counted = countDrawn(whole, whole, whole);
    expect(counted).toMatchObject({ failing: failing.length, failingLeftOut: 0, wholeFailing: failing.length, wholeFailingUnseen: 0 });
    expect(counted.edges).toBe(whole.edges.length);
  });

  it('misses an edge that fails and is left out', () => {
    expect(countDrawn(without(first.id), whole, whole)).toMatchObject({ failingLeftOut: 1, wholeFailingUnseen: 1 });
  });

  it('misses no healthy edge', () => {
    const healthy = whole.edges.find(({ health }) => health === 'healthy');
    expect(countDrawn(without(healthy?.id ?? ''), whole, whole)).toMatchObject({ failingLeftOut: 0, wholeFailingUnseen: 0 });
  });

  it('takes a folded namespace for what is inside of it as long as it says that something fails', () => {
    const target = whole.nodes.find(({ id }) => id === first.target);
    const inside = failing.find(
      ({ source, target: to }) =>
        whole.nodes.find(({ id }) => id === source)?.namespace === whole.nodes.find(({ id }) => id === to)?.namespace,
    );
    const namespace = whole.nodes.find(({ id }) => id === inside?.target)?.namespace ?? target?.namespace ?? '';
    const members = new Set<string>(whole.nodes.filter((node) => node.namespace === namespace).map(({ id }) => id));
    const [some] = whole.nodes.filter(({ id }) => members.has(id));
    if (some === undefined) throw new Error('the namespace is empty');
    const folded = (status: 'failure' | 'healthy'): GraphDocument => ({
      ...whole,
      nodes: [...whole.nodes.filter(({ id }) => !members.has(id)), { ...some, kind: 'namespace', health: { status, reasons: [] } }],
      edges: whole.edges.filter(({ source, target: to }) => !members.has(source) && !members.has(to)),
    });
    const count = (document: GraphDocument): number => countDrawn(document, document, whole).wholeFailingUnseen;
    const within = failing.filter(({ source, target: to }) => members.has(source) && members.has(to)).length;
    expect(within).toBeGreaterThan(0);
    expect(count(folded('healthy')) - count(folded('failure'))).toBe(within);
  });
});
