// The routes on which a mesh is steered: routing of a service, list of configuration, explanation, check of edits. In: nothing. Out: paths.
import { FAILURES } from '../../model/failure';
import { CONFIG_KINDS } from '../../model/inventory';
import { MAX_NAMESPACES } from '../../model/wire';
import { FAULTS, json, jsonBody, operation, parameter, pathParameter, post, problem } from './operations';

const REFUSALS = {
  '400': FAULTS['400'],
  '401': FAULTS['401'],
  '403': FAULTS['403'],
  '413': problem(FAILURES.tooLarge.title),
  '503': FAULTS['503'],
};

export const STEERING_PATHS = {
  '/api/services/{namespace}/{name}/routing': operation(
    'readServiceRouting',
    'How requests to a service are routed now: rules with their live share, versions, policy, gateways, findings.',
    [pathParameter('namespace', 'Namespace of the service.'), pathParameter('name', 'Name of the service.')],
    { '200': json('ServiceRouting', 'The routing.'), '404': problem(FAILURES.notFound.title), ...FAULTS },
  ),
  '/api/config': operation(
    'readConfig',
    'Every configuration object of Istio and the Gateway API that the caller may see.',
    [
      parameter('kinds', `Kinds separated by commas, of ${CONFIG_KINDS.join(', ')}; absent = all.`, { type: 'string' }),
      parameter('namespaces', `Names separated by commas, at most ${MAX_NAMESPACES}; absent = all.`, { type: 'string' }),
    ],
    { '200': json('ConfigList', 'The objects.'), '400': FAULTS['400'], '401': FAULTS['401'], '403': FAULTS['403'], '503': FAULTS['503'] },
  ),
  '/api/config/names': operation(
    'readConfigNames',
    'Hosts with their ports and subsets, gateways, service accounts, labels and namespaces that the caller may see, for completion.',
    [parameter('namespaces', `Names separated by commas, at most ${MAX_NAMESPACES}; absent = all.`, { type: 'string' })],
    { '200': json('ConfigNames', 'The names.'), '400': FAULTS['400'], '401': FAULTS['401'], '403': FAULTS['403'], '503': FAULTS['503'] },
  ),
  '/api/explain': post(
    'explainRequest',
    'What happens to one request, step by step: now, and under edits that were not applied.',
    jsonBody('ExplainRequest'),
    { '200': json('Explain', 'The explanation.'), '404': problem(FAILURES.notFound.title), ...REFUSALS },
  ),
  '/api/changes/check': post(
    'checkEdits',
    'What is wrong with edits: those that cannot be planned, and the findings that the change brings, leaves and mends.',
    jsonBody('CheckRequest'),
    { '200': json('Check', 'Problems and findings.'), ...REFUSALS },
  ),
} as const;
