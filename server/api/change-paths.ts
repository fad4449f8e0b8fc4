// The routes on which a mesh is changed: preview, apply, journal, confirm, set back, undo, objects, schemas, cases. In: nothing. Out: paths.
import { FAILURES } from '../../model/failure';
import { FAULTS, json, jsonBody, operation, parameter, pathParameter, post, problem } from './operations';

const missing = problem(FAILURES.notFound.title);
const conflict = {
  description: FAILURES.conflict.title,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ChangeConflict' } } },
};
const REFUSALS = {
  '400': FAULTS['400'],
  '401': FAULTS['401'],
  '403': FAULTS['403'],
  '404': missing,
  '413': problem(FAILURES.tooLarge.title),
  '502': problem(FAILURES.clusterUnreachable.title),
  '503': FAULTS['503'],
  '504': problem(FAILURES.clusterTimeout.title),
};
const ID = pathParameter('id', 'Id of the change.');

/** A POST to a path with names in it. */
const postTo = (...[id, summary, body, responses, parameters]: [...Parameters<typeof post>, readonly unknown[]]) => {
  const made = post(id, summary, body, responses);
  return { post: { ...made.post, parameters } };
};
const putOrDelete = (
  operationId: string,
  summary: string,
  parameters: readonly unknown[],
  responses: Record<string, unknown>,
  body: unknown,
) => ({
  operationId,
  summary,
  parameters,
  ...(body === null ? {} : { requestBody: { required: true, content: body } }),
  responses,
});
const CASE = [pathParameter('id', 'Id of the case: lower-case letters, digits, dashes.')];

export const CHANGE_PATHS = {
  '/api/changes/preview': post(
    'previewChange',
    'Everything that is shown before anything is changed: plan, findings, owners, effects on traffic, the rehearsal on the API server.',
    jsonBody('PreviewRequest'),
    { '200': json('Preview', 'The preview.'), '409': conflict, ...REFUSALS },
  ),
  '/api/changes': {
    ...operation(
      'readChanges',
      'The journal of changes that the caller may see, newest first.',
      [
        parameter('host', 'Host whose traffic is touched, whole or without its last parts.', { type: 'string' }),
        parameter('service', 'The same by service: namespace/name.', { type: 'string' }),
        parameter('namespace', 'Namespace of a touched object.', { type: 'string' }),
        parameter('who', 'Part of the name of who made the change.', { type: 'string' }),
        parameter('state', 'States separated by commas; open = whatever may still change by itself or needs somebody.', { type: 'string' }),
        parameter('since', 'Begun at this instant or later, in unix seconds.', { type: 'string' }),
        parameter('until', 'Begun before this instant, in unix seconds.', { type: 'string' }),
        parameter('limit', 'Most entries of a page.', { type: 'string', pattern: '^\\d{1,4}$', default: '50' }),
        parameter('cursor', 'The `next` of the page before.', { type: 'string' }),
        parameter('brief', 'Without the objects before and after, the patches and the measures of the guard.', {
          enum: ['true', 'false'],
          default: 'false',
        }),
      ],
      { '200': json('ChangeList', 'The entries.'), ...REFUSALS },
    ),
    post: {
      ...post(
        'applyChange',
        'Applies what was previewed, in the name of the caller; refused where it would not do what was shown.',
        jsonBody('ApplyRequest'),
        {
          '200': json('Change', 'The change as far as it came in a few seconds.'),
          '409': conflict,
          ...REFUSALS,
        },
      ).post,
    },
  },
  '/api/changes/{id}': operation('readChange', 'One entry of the journal.', [ID], { '200': json('Change', 'The entry.'), ...REFUSALS }),
  '/api/changes/{id}/confirm': postTo(
    'confirmChange',
    'Keeps a waiting change for good.',
    null,
    { '200': json('Change', 'The change.'), '409': conflict, ...REFUSALS },
    [ID],
  ),
  '/api/changes/{id}/revert': postTo(
    'revertChange',
    'Sets a change back that is under way, waits, or is incomplete.',
    jsonBody('RevertRequest'),
    { '200': json('Change', 'The change.'), '409': conflict, ...REFUSALS },
    [ID],
  ),
  '/api/changes/{id}/undo': postTo(
    'undoChange',
    'Applies the previewed way back of an ended change, as a change of its own.',
    jsonBody('UndoRequest'),
    { '200': json('Change', 'The new change.'), '409': conflict, ...REFUSALS },
    [ID],
  ),
  '/api/changes/{id}/undo/preview': postTo(
    'previewUndo',
    'What the way back of an ended change would do.',
    null,
    { '200': json('Preview', 'The preview.'), '409': conflict, ...REFUSALS },
    [ID],
  ),
  '/api/config/{kind}/{namespace}/{name}': operation(
    'readConfigObject',
    'One configuration object to edit, as the API server holds it now.',
    [
      pathParameter('kind', 'Kind, K8sGateway for the Gateway API.'),
      pathParameter('namespace', 'Namespace; - for none.'),
      pathParameter('name', 'Name.'),
    ],
    { '200': json('ConfigObject', 'The object.'), ...REFUSALS },
  ),
  '/api/config/schema/{kind}': operation(
    'readKindSchema',
    'JSON Schema of a kind, as the cluster publishes it.',
    [pathParameter('kind', 'Kind.')],
    {
      '200': json('KindSchema', 'The schema.'),
      ...REFUSALS,
    },
  ),
  '/api/cases': operation('readCases', 'Saved questions to the evaluator that are asked again at every plan.', [], {
    '200': json('CaseList', 'The cases.'),
    ...REFUSALS,
  }),
  '/api/cases/{id}': {
    put: putOrDelete(
      'saveCase',
      'Keeps a question, or another one in its place.',
      CASE,
      { '200': json('SavedCase', 'The case.'), ...REFUSALS },
      jsonBody('SaveCaseRequest'),
    ),
    delete: putOrDelete('removeCase', 'Removes a saved question.', CASE, { '200': json('Removed', 'It is gone.'), ...REFUSALS }, null),
  },
} as const;
