// Suite `export`: the whole graph as a file, layout and all, at the sizes of real meshes. In: nothing. Out: CPU by form.

import { layOutPicture } from '../../components/export/draw-document';
import { type ExportOptions, writeExport } from '../../components/export/write-export';
import type { TextFormat } from '../../model/export-format';
import { buildMeshDocument } from '../browser/mesh-document';
import { buildMeshModel } from '../browser/mesh-model';
import type { Measurement } from '../report';
import { median } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const OPTIONS: ExportOptions = {
  labels: ['rate', 'errors', 'p95', 'mtls'],
  edgeMode: 'all',
  hidden: null,
  theme: 'light',
  permalink: 'https://mesh.example.com/graph?at=1700000000',
  picture: null,
  marks: null,
};
const SVG_BUDGET_MS = 2000;
/** Leaves of the model; nodes of the document come to about one and a half as many. */
const LEAVES = [1000, 3000] as const;
const TEXTS: readonly TextFormat[] = ['csv', 'nodes.csv', 'json', 'mermaid', 'dot'];

const megabytes = (text: string): string => `${(text.length / 1e6).toFixed(1)} MB`;

function run(options: BenchOptions) {
  const measurements: Measurement[] = [];
  const raw: Record<string, unknown> = {};
  for (const leaves of LEAVES) {
    const document = buildMeshDocument(buildMeshModel(leaves));
    const size = `${document.nodes.length} nodes, ${document.edges.length} edges`;
    options.say(`export: ${size}`);
    const time = (name: string, work: () => string, budget: Measurement['budget']): void => {
      const times: number[] = [];
      let text = '';
      for (let i = 0; i < options.repeats; i++) {
        const before = process.cpuUsage();
        text = work();
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / 1000);
      }
      raw[`${name} of ${size}`] = times;
      measurements.push({ name: `${name}, ${size}`, value: median(times), unit: 'ms', budget, note: megabytes(text) });
    };
    const picture = layOutPicture(document, OPTIONS);
    time('SVG with its layout', () => writeExport(document, 'svg', OPTIONS), { atMost: SVG_BUDGET_MS });
    time('SVG of a drawn graph', () => writeExport(document, 'svg', { ...OPTIONS, picture }), null);
    for (const format of TEXTS) time(format, () => writeExport(document, format, OPTIONS), null);
  }
  return Promise.resolve({ measurements, raw });
}

export const exportSuite: Suite = { name: 'export', about: 'the whole graph as a file', run };
