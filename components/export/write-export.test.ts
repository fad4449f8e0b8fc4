// @vitest-environment jsdom
// Tests of the text forms against names that try to break out of them: XML parses, DOT and Mermaid hold one statement a line, CSV reads back.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exportFileName, MEDIA_TYPES, TEXT_FORMATS } from '../../model/export-format';
import type { Mark } from '../graph/canvas/marks';
import { sampleDocument, sampleEdge, sampleNode } from '../graph/sample-graph';
import { HOSTILE_NAMES, hostileDocument } from './hostile-graph';
import { type ExportOptions, writeExport } from './write-export';

const OPTIONS: ExportOptions = {
  labels: ['rate', 'errors', 'p95', 'mtls'],
  edgeMode: 'all',
  hidden: null,
  theme: 'light',
  permalink: 'https://mesh.example/graph?at=1&namespaces=a',
  picture: null,
  marks: null,
};

/** Reads RFC 4180. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let cell = '';
  for (let i = 0; i < text.length; i++) {
    const row = rows.at(-1) ?? [];
    if (text[i] === '"') {
      for (i++; i < text.length; i++) {
        if (text[i] !== '"') cell += text.charAt(i);
        else if (text[i + 1] === '"') {
          cell += '"';
          i++;
        } else break;
      }
    } else if (text[i] === ',') {
      row.push(cell);
      cell = '';
    } else if (text[i] === '\r' && text[i + 1] === '\n') {
      row.push(cell);
      cell = '';
      rows.push([]);
      i++;
    } else cell += text.charAt(i);
  }
  return rows.slice(0, -1);
}

/** What is left of DOT when its strings are taken out. */
const withoutStrings = (dot: string): string => dot.replace(/"(?:\\.|[^"\\])*"/gs, 'S');

describe('writeExport', () => {
  const document = hostileDocument();

  it('writes SVG that parses, with every name as text and nothing that runs', () => {
    for (const theme of ['light', 'dark'] as const) {
      const svg = writeExport(document, 'svg', { ...OPTIONS, theme });
      const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
      expect(parsed.querySelector('parsererror')).toBeNull();
      const allowed = ['svg', 'g', 'path', 'rect', 'ellipse', 'circle', 'text', 'tspan', 'title', 'desc', 'a', 'metadata'];
      const used = new Set([...parsed.querySelectorAll('*')].map((element) => element.nodeName).filter((name) => !name.includes(':')));
      expect([...used].filter((name) => !allowed.includes(name))).toEqual([]);
      const attributes = [...parsed.querySelectorAll('*')].flatMap((element) => [...element.attributes].map(({ name }) => name));
      expect(attributes.filter((name) => name.startsWith('on'))).toEqual([]);
      const titles = [...parsed.querySelectorAll('g > title')].map((title) => title.textContent);
      expect(titles.some((title) => title.includes('<script>alert(1)</script>'))).toBe(true);
      expect(titles).toHaveLength(document.nodes.length + document.edges.length);
    }
  });

  it('says in the SVG what is shown, when, and how to see it again', () => {
    const hidden = new Set<string>([String(document.nodes[0]?.id)]);
    const parsed = new DOMParser().parseFromString(writeExport(document, 'svg', { ...OPTIONS, hidden }), 'image/svg+xml');
    const words = parsed.querySelector('desc')?.textContent ?? '';
    expect(words).toContain('Versioned app graph of all namespaces');
    expect(words).toContain('Last 1 minute up to 1970-01-01 00:00:01 UTC');
    expect(words).toContain('Showing 9 of 10 nodes and 8 of 10 edges; 1 folded box stands for 7 nodes.');
    expect(parsed.querySelector('metadata')?.textContent).toContain(OPTIONS.permalink);
    expect(parsed.querySelector('a')?.getAttribute('href')).toBe(OPTIONS.permalink);
  });

  it('draws and explains what a comparison marks', () => {
    const [first, second] = document.edges;
    const marks = new Map<string, Mark>([
      [String(first?.id), { tone: 'worse', text: '+12 %' }],
      [String(second?.id), { tone: 'dim' }],
      [String(document.nodes[0]?.id), { tone: 'added' }],
    ]);
    const svg = writeExport(document, 'svg', { ...OPTIONS, marks });
    expect(svg).toContain('▲ +12 %');
    expect(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('desc')?.textContent).toContain('Marked: + added, ▲ worse.');
    expect(svg.match(/<g opacity="0\.18">/g)).toHaveLength(1);
  });

  it('draws folded boxes as piles, ranks, and the signs of folded hubs', () => {
    const peer = { id: sampleNode('hub').id, label: 'hub', direction: 'inbound', health: 'failure' } as const;
    const sums = { edges: 1, requestsPerSecond: 1, errorsPerSecond: 1, tcpBytesPerSecond: 0 };
    const plain = writeExport(sampleDocument({ nodes: [sampleNode('web')] }), 'svg', OPTIONS);
    const folded = writeExport(
      sampleDocument({ nodes: [sampleNode('web', { kind: 'app', members: 3, rank: 42, hubPeers: [{ ...peer, ...sums }] })] }),
      'svg',
      OPTIONS,
    );
    const shapes = (svg: string): number => (svg.match(/rx="8" fill="#ffffff" stroke=/g) ?? []).length;
    expect([shapes(plain), shapes(folded)]).toEqual([0, 2]);
    expect(folded).toContain('>42</text>');
    expect(folded).toContain('3 nodes');
    expect(folded).toContain('r="8"');
    expect(plain).not.toContain('r="8"');
  });

  it('writes DOT in which foreign text stays in strings, and which Graphviz takes where it is installed', () => {
    const dot = writeExport(document, 'dot', OPTIONS);
    const bare = withoutStrings(dot);
    expect(bare.replaceAll('->', '')).not.toMatch(/["\\<>]|evil|javascript/);
    expect(bare.split('\n').filter((line) => / -> /.test(line))).toHaveLength(document.edges.length);
    expect(bare.match(/subgraph cluster_b0 \{/g)).toHaveLength(1);
    const graphviz = spawnSync('dot', ['-Tplain'], { input: dot, encoding: 'utf8' });
    if (graphviz.error === undefined) {
      expect(graphviz.stderr).toBe('');
      expect(graphviz.status).toBe(0);
      expect(graphviz.stdout.split('\n').filter((line) => line.startsWith('node '))).toHaveLength(document.nodes.length);
      expect(graphviz.stdout.split('\n').filter((line) => line.startsWith('edge '))).toHaveLength(document.edges.length);
    }
  });

  it('writes Mermaid with one statement a line, labels quoted and without markup', () => {
    const mermaid = writeExport(document, 'mermaid', OPTIONS);
    const [, , , ...lines] = mermaid.trimEnd().split('\n');
    const label = String.raw`"[^"<>&\`\\{}[\]|]*"`;
    const statements = [
      /^flowchart LR$/,
      /^ {2}%% [^{}]*$/,
      new RegExp(`^ +subgraph b\\d+\\[${label}\\]$`),
      /^ +end$/,
      new RegExp(`^ +n\\d+(?:\\(\\[|\\[|\\[/|>|\\{\\{|\\[\\[|\\{|\\()${label}(?:\\]\\)|\\]|\\\\\\]|\\}\\}|\\]\\]|\\}|\\))$`),
      new RegExp(`^ {2}n\\d+ (?:-->|==>|-\\.->)(?:\\|${label}\\|)? n\\d+$`),
      /^ {2}(?:classDef|class|linkStyle) [\w#:,. -]+$/,
    ];
    expect(lines.filter((line) => !statements.some((statement) => statement.test(line)))).toEqual([]);
    expect(lines.filter((line) => / (?:-->|==>|-\.->)/.test(line))).toHaveLength(document.edges.length);
  });

  it('says in Mermaid when it is larger than what Mermaid draws unasked', () => {
    const many = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const large = sampleDocument({
      nodes: many.map((name) => sampleNode(name)),
      edges: many.flatMap((from) => many.slice(0, 20).map((to) => sampleEdge(from, to))),
    });
    expect(writeExport(large, 'mermaid', OPTIONS)).toContain('800 edges');
    expect(writeExport(document, 'mermaid', OPTIONS)).not.toContain('maxEdges');
  });

  it('writes CSV that reads back, and no cell that a spreadsheet would run', () => {
    const nodes = readCsv(writeExport(document, 'nodes.csv', OPTIONS));
    const edges = readCsv(writeExport(document, 'csv', OPTIONS));
    expect([nodes.length, edges.length]).toEqual([1 + document.nodes.length, 1 + document.edges.length]);
    for (const rows of [nodes, edges]) {
      expect(new Set(rows.map((row) => row.length)).size).toBe(1);
      expect(rows.flat().filter((cell) => /^[=+@\t\r]/.test(cell) || /^-[^\d]/.test(cell))).toEqual([]);
    }
    const names = nodes.slice(1).map((row) => row[0]);
    expect(names).toContain(`'${HOSTILE_NAMES[2]}`);
    expect(names).toContain(HOSTILE_NAMES[3]);
    const rates = edges.slice(1).map((row) => Number(row[edges[0]?.indexOf('requests_per_second') ?? -1]));
    expect(rates.reduce((a, b) => a + b, 0)).toBeCloseTo(document.edges.reduce((sum, edge) => sum + edge.requestsPerSecond, 0));
  });

  it('writes JSON that is the document', () => {
    expect(JSON.parse(writeExport(document, 'json', OPTIONS))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('leaves out what is hidden or not drawn, in every form', () => {
    const small = sampleDocument({ nodes: [sampleNode('web'), sampleNode('secret')], edges: [sampleEdge('web', 'secret')] });
    const hidden = new Set<string>([String(small.nodes[1]?.id)]);
    for (const format of TEXT_FORMATS) {
      expect(writeExport(small, format, OPTIONS), format).toContain('secret');
      expect(writeExport(small, format, { ...OPTIONS, hidden }), format).not.toContain('secret');
    }
    const edges = readCsv(writeExport(document, 'csv', { ...OPTIONS, edgeMode: 'unhealthy' }));
    expect(edges).toHaveLength(2);
  });

  it('does not change with the order of nodes and edges', () => {
    const turned = { ...document, nodes: [...document.nodes].reverse(), edges: [...document.edges].reverse() };
    for (const format of ['dot', 'mermaid'] as const)
      expect(writeExport(turned, format, OPTIONS)).toBe(writeExport(document, format, OPTIONS));
  });
});

describe('exportFileName', () => {
  it('names view and instant with harmless letters, one ending per form', () => {
    const { view } = sampleDocument();
    const shop = { view: { ...view, namespaces: ['shop', 'web'], windowSeconds: 300 }, atMs: 1_700_000_000_000 };
    expect(exportFileName(shop, 'svg')).toBe('heddle-versionedApp-shop+web-5m-20231114T221320Z.svg');
    const many = { ...shop, view: { ...shop.view, namespaces: Array.from({ length: 40 }, (_, i) => `namespace-${i}`) } };
    expect(exportFileName(many, 'csv')).toBe('heddle-versionedApp-40-namespaces-5m-20231114T221320Z.edges.csv');
    const names = Object.keys(MEDIA_TYPES).map((format) => exportFileName(shop, format as keyof typeof MEDIA_TYPES));
    expect(new Set(names).size).toBe(names.length);
  });
});
