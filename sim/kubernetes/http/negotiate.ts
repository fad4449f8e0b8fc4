// Content negotiation: which form of an answer a client takes, and what form its body has.
import { notAcceptable } from '../status-error';

export type View = 'object' | 'table' | 'partial';

export interface Representation {
  readonly view: View;
  readonly format: 'json' | 'yaml';
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** Accept (or a Content-Type) as media ranges, the most wanted first. */
export function decodeMediaRanges(header: string | undefined): readonly MediaRange[] {
  const ranges = (header ?? '')
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .filter(([type]) => type !== undefined && type !== '')
    .map(([type = '', ...pieces]) => {
      const parameters = new Map(
        pieces.map((piece) => {
          const [key = '', value = ''] = piece.split('=');
          return [key.trim().toLowerCase(), value.trim()] as const;
        }),
      );
      const quality = Number(parameters.get('q') ?? '1');
      return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 1 : quality };
    });
  return ranges.toSorted((left, right) => right.quality - left.quality);
}

const jsonTypes = ['application/json', 'application/*', '*/*'];

/** The representation of objects to answer with. Protobuf is not spoken, so another of the client's types is taken; throws 406 where there is none. */
export function chooseRepresentation(accept: string | undefined): Representation {
  const ranges = decodeMediaRanges(accept);
  if (ranges.length === 0) return { view: 'object', format: 'json' };
  for (const { type, parameters } of ranges) {
    const view = viewOf(parameters);
    if (view === undefined) continue;
    if (jsonTypes.includes(type)) return { view, format: 'json' };
    if (type === 'application/yaml') return { view, format: 'yaml' };
  }
  throw notAcceptable(['application/json', 'application/yaml', 'application/json;as=Table;v=v1;g=meta.k8s.io']);
}

function viewOf(parameters: ReadonlyMap<string, string>): View | undefined {
  const as = parameters.get('as');
  if (as === undefined) return 'object';
  if (parameters.get('g') !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(parameters.get('v') ?? '')) return undefined;
  if (as === 'Table') return 'table';
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? 'partial' : undefined;
}

/** The aggregated discovery version that a client prefers, where it asks for any ("v2", "v2beta1"). */
export function chooseAggregatedDiscovery(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of decodeMediaRanges(accept)) {
    if (!jsonTypes.includes(type)) continue;
    const version = parameters.get('v');
    if (parameters.get('as') === undefined) return undefined;
    if (parameters.get('g') !== 'apidiscovery.k8s.io' || parameters.get('as') !== 'APIGroupDiscoveryList') continue;
    if (version === 'v2' || version === 'v2beta1') return version;
  }
  return undefined;
}
