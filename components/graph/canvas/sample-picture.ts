// A picture for the tests of this folder: a document laid out for real.
// In: a document. Out: Picture, and the parts that it was made of.
import type { GraphDocument } from '../../../model/wire';
import type { Arrangement } from '../layout/arrangement';
import { layoutGraph } from '../layout/layout-graph';
import { nodeSize } from '../layout/node-size';
import { buildBows, buildLayoutInput, buildPicture, type Picture } from './picture';

export function samplePicture(
  document: GraphDocument,
  isShown: (id: string) => boolean = () => true,
): Picture & { readonly arrangement: Arrangement } {
  const sizes = new Map<string, ReturnType<typeof nodeSize>>(document.nodes.map((node) => [node.id, nodeSize(node)]));
  const arrangement = layoutGraph(buildLayoutInput(document, sizes, { layerGap: 90, aspect: 1.6, layout: 'flow' }));
  const bows = buildBows(document.edges, arrangement, sizes);
  return { ...buildPicture({ document, arrangement, sizes, bows, isShown }), arrangement };
}
