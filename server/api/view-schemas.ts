// JSON Schemas of what a view's options add to the graph: the options themselves, what is drawn of it, hubs, paths.
// In: model's constants. Out: schemas, for SCHEMAS.
import { AMBIENT_TRAFFIC, BOX_KINDS, DETAIL_LEVELS, GRPC_RATES, HTTP_RATES, RANKINGS, TCP_RATES } from '../../model/view-options';
import { flag, list, number, object, oneOf, orNull, type Schema, text } from './schema-parts';

export const VIEW_OPTIONS: Record<string, Schema> = {
  level: oneOf(...DETAIL_LEVELS),
  open: list(text),
  fold: list(text),
  hubs: list(text),
  focus: orNull(text),
  up: number,
  down: number,
  from: orNull(text),
  to: orNull(text),
  idleEdges: flag,
  operations: flag,
  rank: list(oneOf(...RANKINGS)),
  boxes: list(oneOf(...BOX_KINDS)),
  waypoints: flag,
  rateHttp: oneOf(...HTTP_RATES),
  rateGrpc: oneOf(...GRPC_RATES),
  rateTcp: oneOf(...TCP_RATES),
  ambientTraffic: oneOf(...AMBIENT_TRAFFIC),
};

const hubTraffic = { edges: number, requestsPerSecond: number, errorsPerSecond: number, tcpBytesPerSecond: number };

/** Present where the view asks for them. */
export const NODE_OPTIONS: Record<string, Schema> = {
  rank: { type: 'integer', minimum: 1, maximum: 100 },
  operation: text,
  hub: object(hubTraffic),
  hubPeers: list(
    object({
      id: text,
      label: text,
      direction: oneOf('inbound', 'outbound'),
      health: oneOf('failure', 'degraded', 'notReady', 'healthy', 'na'),
      ...hubTraffic,
    }),
  ),
};

export const EDGE_OPTIONS: Record<string, Schema> = {
  requestMessagesPerSecond: number,
  responseMessagesPerSecond: number,
  idle: { const: true },
};

const places = object({ drawn: number, folded: number, hubs: number, leftOut: number, hidden: number });
export const SHOWN = object(
  { nodes: number, ofNodes: number, edges: number, ofEdges: number, requestsPerSecond: places, tcpBytesPerSecond: places },
  'How much of the view is drawn, and where the rest of its traffic is.',
);

export const PATHS = object(
  {
    from: text,
    to: text,
    routes: list(list(text)),
    complete: flag,
    edges: list(
      object({
        id: text,
        hop: number,
        routes: number,
        ownErrorsPerSecond: number,
        errorShare: orNull({ type: 'number', minimum: 0, maximum: 1 }),
        addedLatencyMs: orNull(number),
      }),
    ),
  },
  'All ways from one node to another, and where on them errors and time arise.',
);

export const SEARCH = object({
  query: text,
  atMs: number,
  hits: list(
    object({
      id: text,
      kind: text,
      label: text,
      cluster: text,
      namespace: text,
      app: orNull(text),
      health: oneOf('failure', 'degraded', 'notReady', 'healthy', 'na'),
      requestsPerSecond: number,
      shownAs: orNull(text),
      open: orNull(text),
    }),
  ),
  more: number,
});
