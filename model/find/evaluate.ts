// What an expression matches in a graph. In: Expression, Graph, facts. Out: a mark per node and per edge. Pure; linear in the graph.
//
// Meaning. The expression is taken as alternatives (OR) of conditions that hold together (AND), whatever its parentheses. Alternatives with
// conditions on nodes only match nodes, with conditions on edges only match edges; with both they match an edge that, together with one of its
// ends, fulfils all of them. `healthy`, `idle` and `health` speak of whichever is asked; alone they match both. What nobody knows of an
// element (null) fulfils neither a condition nor its negation.
import type { Graph, GraphEdge, GraphNode } from '../graph';
import { compareNumber, compareText } from './compare';
import type { Condition, Expression } from './expression';
import { NODE_WORDS, operandOf } from './operands';
import { type FindFacts, readEdgeFlag, readEdgeNumber, readEdgeText, readNodeFlag, readNodeNumber, readNodeText } from './read-element';

/** `open`: matched by conditions alone that speak of nodes and edges alike. */
export const UNMATCHED = 0;
export const MATCHED = 1;
export const MATCHED_OPEN = 2;

export interface Matches {
  /** UNMATCHED, MATCHED or MATCHED_OPEN, by position in the graph. */
  readonly nodes: Uint8Array;
  readonly edges: Uint8Array;
}

// Of which elements the conditions of a fulfilled alternative speak: bit 0 = nodes, bit 1 = edges. A set of such kinds has one bit per kind.
const OF_ANY = 0;
const OF_NODES = 1;
const OF_EDGES = 2;
const KINDS = 4;
const NONE = 0;
const setOf = (kind: number): number => 1 << kind;
/** Kinds of two alternatives that hold together, for every two sets of kinds. */
const TOGETHER: readonly (readonly number[])[] = Array.from({ length: 1 << KINDS }, (_, a) =>
  Array.from({ length: 1 << KINDS }, (_unused, b) => {
    let set = NONE;
    for (let x = 0; x < KINDS; x++) for (let y = 0; y < KINDS; y++) if ((a & setOf(x)) !== 0 && (b & setOf(y)) !== 0) set |= setOf(x | y);
    return set;
  }),
);

/** An element under test: a node alone, or an edge with one of its ends. */
interface Subject {
  node: GraphNode | undefined;
  edge: GraphEdge | undefined;
  source: GraphNode | undefined;
  target: GraphNode | undefined;
}
type Test = (subject: Subject) => number;

export function matchGraph(expression: Expression, graph: Pick<Graph, 'nodes' | 'edges'>, facts: FindFacts): Matches {
  const test = compile(expression, false, facts);
  const nodes = new Uint8Array(graph.nodes.length);
  const edges = new Uint8Array(graph.edges.length);
  const subject: Subject = { node: undefined, edge: undefined, source: undefined, target: undefined };
  graph.nodes.forEach((node, i) => {
    subject.node = node;
    const kinds = test(subject);
    nodes[i] = (kinds & setOf(OF_NODES)) !== 0 ? MATCHED : (kinds & setOf(OF_ANY)) !== 0 ? MATCHED_OPEN : UNMATCHED;
  });
  if (!speaksOfEdges(expression)) return { nodes, edges };
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const strong = setOf(OF_EDGES) | setOf(OF_EDGES | OF_NODES);
  graph.edges.forEach((edge, i) => {
    subject.edge = edge;
    subject.source = byId.get(edge.source);
    subject.target = byId.get(edge.target);
    subject.node = subject.source;
    let kinds = test(subject);
    if ((kinds & strong) === 0) {
      subject.node = subject.target;
      kinds |= test(subject);
    }
    edges[i] = (kinds & strong) !== 0 ? MATCHED : (kinds & setOf(OF_ANY)) !== 0 ? MATCHED_OPEN : UNMATCHED;
  });
  return { nodes, edges };
}

/** True where an edge can match at all. */
export function speaksOfEdges(expression: Expression): boolean {
  switch (expression.kind) {
    case 'not':
      return speaksOfEdges(expression.part);
    case 'and':
    case 'or':
      return expression.parts.some(speaksOfEdges);
    case 'flag':
    case 'text':
    case 'number':
    case 'label':
      return kindOf(expression) !== OF_NODES;
    default:
      return expression satisfies never;
  }
}

function kindOf(condition: Condition): number {
  if (condition.side !== 'self') return OF_EDGES;
  if (condition.kind === 'label') return OF_NODES;
  const on = operandOf(condition.operand)?.on ?? 'node';
  return on === 'node' ? OF_NODES : on === 'edge' ? OF_EDGES : OF_ANY;
}

/** Negations are carried down to the conditions: !(a AND b) is !a OR !b. */
function compile(expression: Expression, negated: boolean, facts: FindFacts): Test {
  switch (expression.kind) {
    case 'not':
      return compile(expression.part, !negated, facts);
    case 'and':
    case 'or': {
      const parts = expression.parts.map((part) => compile(part, negated, facts));
      return (expression.kind === 'and') === negated ? anyOf(parts) : allOf(parts);
    }
    case 'flag':
    case 'text':
    case 'number':
    case 'label':
      return compileCondition(expression, negated, facts);
    default:
      return expression satisfies never;
  }
}

const anyOf =
  (parts: readonly Test[]): Test =>
  (subject) => {
    let kinds = NONE;
    for (const part of parts) kinds |= part(subject);
    return kinds;
  };

const allOf =
  (parts: readonly Test[]): Test =>
  (subject) => {
    let kinds = setOf(OF_ANY);
    for (const part of parts) {
      kinds = TOGETHER[kinds]?.[part(subject)] ?? NONE;
      if (kinds === NONE) break;
    }
    return kinds;
  };

function compileCondition(condition: Condition, negated: boolean, facts: FindFacts): Test {
  const kind = kindOf(condition);
  const fulfilled = setOf(kind);
  const ofNode = onNode(condition, facts);
  const ofEdge = onEdge(condition, facts);
  const { side } = condition;
  return (subject) => {
    const { edge } = subject;
    if (kind === OF_EDGES && edge === undefined) return NONE;
    let held: boolean | null;
    if (side === 'self') held = edge === undefined || kind === OF_NODES ? hold(ofNode, subject.node) : ofEdge(edge, subject.source);
    else held = hold(ofNode, side === 'source' ? subject.source : subject.target);
    return held !== null && held !== negated ? fulfilled : NONE;
  };
}

const hold = (test: (node: GraphNode) => boolean | null, node: GraphNode | undefined): boolean | null =>
  node === undefined ? null : test(node);

function onNode(condition: Condition, facts: FindFacts): (node: GraphNode) => boolean | null {
  switch (condition.kind) {
    case 'flag':
      return (node) => readNodeFlag(node, condition.operand);
    case 'text': {
      if (condition.operand === 'node') {
        const kinds: readonly string[] = NODE_WORDS[condition.value] ?? [];
        return (node) => kinds.includes(node.kind) === (condition.operator === '=');
      }
      const compare = compareText(condition.operator, condition.value);
      return (node) => compare(readNodeText(node, condition.operand));
    }
    case 'number': {
      const compare = compareNumber(condition.operator, condition.value);
      return (node) => compare(readNodeNumber(node, condition.operand));
    }
    case 'label': {
      const { key, operator } = condition;
      const compare = operator === null ? null : compareText(operator, condition.value);
      return (node) => {
        const sets = facts.labels(node);
        if (sets === null) return null;
        const values = sets.map((labels) => (Object.hasOwn(labels, key) ? labels[key] : undefined)).filter((value) => value !== undefined);
        return compare === null ? values.length > 0 : compare(values);
      };
    }
    default:
      return condition satisfies never;
  }
}

function onEdge(condition: Condition, facts: FindFacts): (edge: GraphEdge, source: GraphNode | undefined) => boolean | null {
  switch (condition.kind) {
    case 'flag':
      return (edge) => readEdgeFlag(edge, condition.operand);
    case 'text': {
      const compare = compareText(condition.operator, condition.value);
      return (edge) => compare(readEdgeText(edge, condition.operand, facts));
    }
    case 'number': {
      const compare = compareNumber(condition.operator, condition.value);
      return (edge, source) => compare(readEdgeNumber(edge, condition.operand, source));
    }
    case 'label':
      return () => null;
    default:
      return condition satisfies never;
  }
}
