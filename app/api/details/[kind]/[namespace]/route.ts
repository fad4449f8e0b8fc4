// GET /api/details/namespaces/{namespace}: everything of a namespace.
import { route } from '../../../answer';
import { answerDetails } from '../../answer-details';

export const dynamic = 'force-dynamic';

export const GET = route('/api/details/{kind}/{namespace}', answerDetails);
