// GET /api/events/namespaces/{namespace}: events of a namespace.
import { route } from '../../../answer';
import { answerEvents } from '../../answer-events';

export const dynamic = 'force-dynamic';

export const GET = route('/api/events/{kind}/{namespace}', answerEvents);
