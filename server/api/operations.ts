// The words in which operations of the API are described: parameters, answers, problems. In: names, schemas. Out: parts of an OpenAPI document.
import { FAILURES } from '../../model/failure';
import type { Schema } from './schema-parts';

export const parameter = (name: string, description: string, schema: Schema, required = false) => ({
  name,
  in: 'query',
  description,
  required,
  schema,
});

export const json = (schema: string, description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
export const FAULTS = {
  '400': problem(FAILURES.badRequest.title),
  '401': problem(FAILURES.unauthenticated.title),
  '403': problem(FAILURES.forbidden.title),
  '502': problem(FAILURES.metricsUnreachable.title),
  '503': problem(FAILURES.starting.title),
  '504': problem(FAILURES.metricsTimeout.title),
};
/** An answer without a body. */
export const empty = (description: string) => ({ description });
export const post = (operationId: string, summary: string, body: unknown, responses: Record<string, unknown>) => ({
  post: { operationId, summary, parameters: [], ...(body === null ? {} : { requestBody: { required: true, content: body } }), responses },
});
export const operation = (operationId: string, summary: string, parameters: readonly unknown[], responses: Record<string, unknown>) => ({
  get: { operationId, summary, parameters, responses },
});

/** A name in brackets of a path. */
export const pathParameter = (name: string, description: string) => ({
  name,
  in: 'path',
  description,
  required: true,
  schema: { type: 'string', maxLength: 253 },
});

/** A JSON body. */
export const jsonBody = (schema: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } });
