// The parameters of a view as the API describes them. In: model's constants. Out: viewParameters. Tests hold them to what decodeView reads.
import { GRAPH_TYPES } from '../../model/graph';
import {
  AMBIENT_TRAFFIC,
  AUTO_HUBS,
  BOX_KINDS,
  DETAIL_LEVELS,
  DRAW_BUDGET,
  GRPC_RATES,
  HTTP_RATES,
  MAX_HOPS,
  MAX_ID,
  optionTexts,
  RANKINGS,
  TCP_RATES,
} from '../../model/view-options';
import {
  DEFAULT_VIEW,
  encodeDuration,
  MAX_HIDE_LENGTH,
  MAX_NAMESPACES,
  MAX_WINDOW_SECONDS,
  MIN_WINDOW_SECONDS,
  OVERLAYS,
} from '../../model/wire';
import { parameter } from './operations';

const STANDARD = optionTexts(DEFAULT_VIEW);
const FLAGS = ['true', 'false'] as const;
const nodeIdSchema = { type: 'string', maxLength: MAX_ID } as const;
const hopsSchema = (standard: string) => ({ type: 'string', pattern: '^\\d{1,2}$', default: standard });

export const durationParameter = parameter(
  'duration',
  `Window of the rates: a number with s, m, h or d, from ${encodeDuration(MIN_WINDOW_SECONDS)} to ${encodeDuration(MAX_WINDOW_SECONDS)}.`,
  { type: 'string', pattern: '^\\d+[smhd]?$', default: encodeDuration(DEFAULT_VIEW.windowSeconds) },
);

export const viewParameters = [
  parameter('graphType', 'What a node is.', { enum: GRAPH_TYPES, default: DEFAULT_VIEW.graphType }),
  parameter('namespaces', `Names separated by commas, at most ${MAX_NAMESPACES}; absent = all.`, { type: 'string' }),
  durationParameter,
  parameter('at', 'Instant at which the window ends, in unix seconds; absent = now.', { type: 'string', pattern: '^\\d{9,11}$' }),
  parameter('serviceNodes', 'Put service nodes between workloads.', { enum: FLAGS, default: String(DEFAULT_VIEW.serviceNodes) }),
  parameter('idle', 'Include services and workloads without traffic.', { enum: FLAGS, default: String(DEFAULT_VIEW.idle) }),
  parameter('overlays', `Data beyond rates, separated by commas: ${OVERLAYS.join(', ')}.`, { type: 'string' }),
  parameter(
    'hide',
    'What is left out before anything is folded: plain words, or an expression of the find and hide language such as `healthy` or `rt < 100 AND !(namespace = bookinfo)`.',
    { type: 'string', maxLength: MAX_HIDE_LENGTH },
  ),
  parameter(
    'level',
    `How much is drawn; auto folds namespaces and apps until at most ${DRAW_BUDGET.nodes} nodes are left, and draws at most ${DRAW_BUDGET.edges} edges beside those that fail.`,
    { enum: DETAIL_LEVELS, default: STANDARD.level },
  ),
  parameter('open', 'Namespaces (bookinfo) and apps (bookinfo/reviews) that are drawn in full although the level folds them.', {
    type: 'string',
  }),
  parameter('fold', 'Namespaces and apps that are folded into one node although the level would not.', { type: 'string' }),
  parameter('hubs', `Nodes whose edges are told on their peers instead of drawn: ids, or ${AUTO_HUBS}.`, { type: 'string' }),
  parameter('focus', 'Id of a node around which the whole mesh is shown, whatever the namespaces.', nodeIdSchema),
  parameter('up', `Hops from the focus to its callers, at most ${MAX_HOPS}.`, hopsSchema(STANDARD.up)),
  parameter('down', `Hops from the focus to what it calls, at most ${MAX_HOPS}.`, hopsSchema(STANDARD.down)),
  parameter('from', 'Id of the node at which the paths begin that are shown; with `to`.', nodeIdSchema),
  parameter('to', 'Id of the node at which the paths end that are shown; with `from`.', nodeIdSchema),
  parameter('idleEdges', 'Include edges that proxies still report but on which nothing was counted within the window.', {
    enum: FLAGS,
    default: STANDARD.idleEdges,
  }),
  parameter('operations', 'Put a node for each operation before what serves it, where the metrics carry request_operation.', {
    enum: FLAGS,
    default: STANDARD.operations,
  }),
  parameter('rank', `Edges that make the rank of a node, separated by commas: ${RANKINGS.join(', ')}; none = no ranks.`, {
    type: 'string',
    default: STANDARD.rank,
  }),
  parameter('boxes', `Boxes around nodes, separated by commas: ${BOX_KINDS.join(', ')}; none = no boxes.`, {
    type: 'string',
    default: STANDARD.boxes,
  }),
  parameter('waypoints', 'Draw waypoint proxies and the traffic that passes them.', { enum: FLAGS, default: STANDARD.waypoints }),
  parameter('rateHttp', 'Whether HTTP counts.', { enum: HTTP_RATES, default: STANDARD.rateHttp }),
  parameter('rateGrpc', 'What of gRPC counts: requests, or messages sent, received or both.', {
    enum: GRPC_RATES,
    default: STANDARD.rateGrpc,
  }),
  parameter('rateTcp', 'What of TCP counts: bytes sent, received or both.', { enum: TCP_RATES, default: STANDARD.rateTcp }),
  parameter('ambientTraffic', 'What of ambient traffic counts: of both layers, of waypoints (requests), of ztunnels (bytes), nothing.', {
    enum: AMBIENT_TRAFFIC,
    default: STANDARD.ambientTraffic,
  }),
];
