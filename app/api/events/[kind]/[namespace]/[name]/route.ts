// GET /api/events/{kind}/{namespace}/{name}: events of an application, workload or service and of its pods.
import { route } from '../../../../answer';
import { answerEvents } from '../../../answer-events';

export const dynamic = 'force-dynamic';

export const GET = route('/api/events/{kind}/{namespace}/{name}', answerEvents);
