// The parameters of /api/graph/export beyond those of a view. In: model's constants. Out: parameters, media types of the answers.
import { EXPORT_THEMES, MEDIA_TYPES, TEXT_FORMATS } from '../../model/export-format';
import { parameter } from './operations';

export const exportParameters = [
  parameter('format', 'Form of the file; csv is the table of edges, nodes.csv that of nodes.', { enum: TEXT_FORMATS, default: 'json' }),
  parameter(
    'labels',
    'What stands on the edges of svg, dot and mermaid, separated by commas: rate, errors, avg, p50, p95, p99, throughput, requestThroughput, share, mtls. What they need is collected.',
    { type: 'string', default: 'rate,errors' },
  ),
  parameter('edges', 'Which edges are written.', { enum: ['all', 'unhealthy', 'none'], default: 'all' }),
  parameter('theme', 'Colours of the picture.', { enum: EXPORT_THEMES, default: 'light' }),
];
/** What a file can be. */
export const exportTypes = [...new Set(TEXT_FORMATS.map((format) => MEDIA_TYPES[format]))];
