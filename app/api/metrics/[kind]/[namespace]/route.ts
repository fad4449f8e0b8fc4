// GET /api/metrics/namespaces/{namespace}: the charts of a namespace in one direction.
import { route } from '../../../answer';
import { answerMetrics } from '../../answer-metrics';

export const dynamic = 'force-dynamic';

export const GET = route('/api/metrics/{kind}/{namespace}', answerMetrics);
