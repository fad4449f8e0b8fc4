// GET /api/metrics/{kind}/{namespace}/{name}: the charts of an app, workload or service in one direction.
import { route } from '../../../../answer';
import { answerMetrics } from '../../../answer-metrics';

export const dynamic = 'force-dynamic';

export const GET = route('/api/metrics/{kind}/{namespace}/{name}', answerMetrics);
