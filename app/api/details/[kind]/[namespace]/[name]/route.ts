// GET /api/details/{kind}/{namespace}/{name}: everything of an application, workload or service.
import { route } from '../../../../answer';
import { answerDetails } from '../../../answer-details';

export const dynamic = 'force-dynamic';

export const GET = route('/api/details/{kind}/{namespace}/{name}', answerDetails);
