// The pure parts of comparing: words, ghosts, marks, rows.
import { describe, expect, it } from 'vitest';
import type { ChangeTone, ComparisonDocument, EdgeChange, MeasureChange } from '../../model/comparison';
import type { GraphDocument } from '../../model/wire';
import { sampleDocument, sampleEdge, sampleNode } from '../graph/sample-graph';
import { encodeCsv } from '../ui/table-rows';
import { addGhosts, markChanges } from './compare-drawing';
import { CHANGE_CSV, listChangeRows } from './compare-rows';
import { wordMark, wordSize, wordWeight } from './compare-words';

const measure = (part: Partial<MeasureChange>): MeasureChange => ({
  measure: 'rate',
  before: 1,
  after: 2,
  change: 1,
  relative: 1,
  weight: 2,
  ...part,
});

describe('words', () => {
  it.each([
    [{ change: 0.2, relative: 0.2 }, '+20 %'],
    [{ change: -0.5, relative: -0.5 }, '−50 %'],
    [{ change: 2.4, relative: 2.4 }, '×3.4'],
    [{ change: 4, relative: null }, 'new'],
    [{ measure: 'errors', change: 0.042, relative: null }, '+4.2 pp'],
    [{ measure: 'mtls', change: -0.5, relative: -0.5 }, '−50 pp'],
    [{ change: null }, '–'],
  ] as const)('%o is %s', (part, text) => {
    expect(wordSize(measure(part))).toBe(text);
  });

  it('say what makes an edge worse, not how its rate moved', () => {
    const measures = [
      measure({ weight: 30 }),
      measure({ measure: 'p95', weight: 3, relative: 1.1 }),
      measure({ measure: 'errors', weight: 1.2, change: 0.02 }),
    ];
    expect(wordMark('worse', measures)).toBe('P95 ×2.1');
    expect(wordMark('changed', measures)).toBe('×2');
    expect(wordMark('added', measures)).toBe('');
    expect([wordWeight(4.21), wordWeight(0.4), wordWeight(null)]).toEqual(['4.2× noise', 'within noise', 'cannot be judged']);
  });
});

const document: GraphDocument = sampleDocument({
  nodes: ['api', 'cart', 'pay', 'store', 'web'].map((name) => sampleNode(name)),
  edges: [sampleEdge('api', 'cart'), sampleEdge('api', 'store'), sampleEdge('pay', 'store'), sampleEdge('web', 'api')],
});
const [first, second, third] = document.edges;
if (first === undefined || second === undefined || third === undefined) throw new Error('the sample has too few edges');
const changeOf = (edge: typeof first, tone: ChangeTone): EdgeChange => ({
  id: edge.id,
  source: edge.source,
  target: edge.target,
  protocol: edge.protocol,
  kind: tone === 'removed' ? 'removed' : 'changed',
  tone,
  weight: tone === 'noise' ? 0.5 : 2,
  measures: [measure({})],
});
const comparison = (
  edges: readonly EdgeChange[],
  ghosts?: ComparisonDocument['ghosts'],
): Pick<ComparisonDocument, 'edges' | 'nodes' | 'ghosts'> => ({
  edges,
  nodes: [],
  ghosts: ghosts ?? { nodes: [], boxes: [], edges: [] },
});
const ALL: ReadonlySet<ChangeTone> = new Set(['added', 'removed', 'worse', 'better', 'changed']);

describe('ghosts', () => {
  const [gone] = document.nodes.filter(({ id }) => id === first.target);
  const without: GraphDocument = {
    ...document,
    nodes: document.nodes.filter((node) => node !== gone),
    edges: document.edges.filter(({ source, target }) => source !== first.target && target !== first.target),
  };

  it('stand where they stood in the order, once', () => {
    const ghosts = { nodes: gone === undefined ? [] : [gone], boxes: [], edges: [first] };
    const drawn = addGhosts(without, comparison([], ghosts));
    expect(drawn.nodes.map(({ id }) => id)).toEqual(document.nodes.map(({ id }) => id));
    expect(drawn.edges.filter(({ id }) => id === first.id)).toHaveLength(1);
    expect(addGhosts(drawn, comparison([], ghosts))).toBe(drawn);
  });

  it('are left out where an end is missing', () => {
    expect(addGhosts(without, comparison([], { nodes: [], boxes: [], edges: [first] }))).toBe(without);
  });
});

describe('marks', () => {
  it('are of the chosen kinds; the rest steps back, but not the ends of what is marked', () => {
    const marks = markChanges(document, comparison([changeOf(first, 'worse'), changeOf(second, 'noise'), changeOf(third, 'better')]), {
      tones: new Set<ChangeTone>(['worse']),
      dim: true,
    });
    expect(marks.get(first.id)?.tone).toBe('worse');
    expect([second, third].map(({ id }) => marks.get(id)?.tone)).toEqual(['dim', 'dim']);
    expect([first.source, first.target].map((id) => marks.has(id))).toEqual([false, false]);
  });

  it('dim nothing where nothing changed', () => {
    expect(markChanges(document, comparison([changeOf(first, 'noise')]), { tones: ALL, dim: true }).size).toBe(0);
  });
});

it('rows have names and every number for a spreadsheet', () => {
  const rows = listChangeRows(comparison([changeOf(first, 'worse')]), document);
  const [header = '', line = ''] = encodeCsv(rows, CHANGE_CSV).split('\r\n');
  expect(header.split(',').slice(0, 2)).toEqual(['change', 'from']);
  const cells = Object.fromEntries(header.split(',').map((title, i) => [title, line.split(',')[i]]));
  expect(cells).toMatchObject({ change: 'worse', 'Rate before': '1', 'Rate after': '2', 'Rate change': '1', 'P95 before': '' });
  expect(cells['from']).not.toContain('/');
});
