// The console's own description of its API as a judge of its answers. In: the console's address. Out: a check for each answer.
import { Validator } from '@cfworker/json-schema';
import { expect } from '@playwright/test';
import { isRecord } from './answers';

export interface ApiSchemas {
  /** Fails the test, naming what and where, unless the value is what the schema says. */
  expectValid(schema: string, value: unknown, where: string): void;
  /** Asks a route and holds its answer to the description: status, content type, schema. Answers the parsed body. */
  expectAnswer(path: string, query: Readonly<Record<string, string>>, status: number): Promise<unknown>;
}

const MOST_FAULTS = 8;

/** Reads the description. */
export async function readApiSchemas(url: string): Promise<ApiSchemas> {
  const api: unknown = await (await fetch(`${url}/api/openapi.json`)).json();
  const components = isRecord(api) ? api['components'] : null;
  const paths = isRecord(api) ? api['paths'] : null;
  if (!isRecord(components) || !isRecord(paths)) throw new Error('the description of the API is none');
  const validators = new Map<string, Validator>();
  const validatorOf = (name: string): Validator => {
    const kept = validators.get(name) ?? new Validator({ $ref: `#/components/schemas/${name}`, components }, '2020-12', false);
    validators.set(name, kept);
    return kept;
  };
  const expectValid = (schema: string, value: unknown, where: string): void => {
    const { valid, errors } = validatorOf(schema).validate(value);
    const faults = errors.slice(-MOST_FAULTS).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
    expect(faults, `${where} as ${schema}`).toEqual([]);
    expect(valid).toBe(true);
  };
  /** Content type and name of the schema that the description promises. */
  const promised = (path: string, status: number): readonly [type: string, schema: string | null] => {
    let at: unknown = paths[path];
    for (const step of ['get', 'responses', String(status), 'content']) at = isRecord(at) ? at[step] : undefined;
    if (!isRecord(at)) throw new Error(`the description does not know ${status} of ${path}`);
    const [entry] = Object.entries(at);
    const schema = entry !== undefined && isRecord(entry[1]) ? entry[1]['schema'] : undefined;
    const reference = isRecord(schema) ? schema['$ref'] : undefined;
    return [entry?.[0] ?? '', typeof reference === 'string' ? (reference.split('/').at(-1) ?? null) : null];
  };
  return {
    expectValid,
    expectAnswer: async (path, query, status) => {
      const text = new URLSearchParams(query).toString();
      const where = `${path}${text === '' ? '' : `?${text.slice(0, 200)}`}`;
      const answer = await fetch(`${url}${path}${text === '' ? '' : `?${text}`}`);
      const body = await answer.text();
      expect(answer.status, `${where}: ${body.slice(0, 300)}`).toBe(status);
      const [type, schema] = promised(path, status);
      expect(answer.headers.get('content-type')?.split(';')[0], where).toBe(type);
      expect(answer.headers.get('cache-control'), where).toMatch(/no-store|no-cache/);
      expect(answer.headers.get('x-content-type-options'), where).toBe('nosniff');
      const parsed: unknown = JSON.parse(body);
      if (schema !== null) expectValid(schema, parsed, where);
      return parsed;
    },
  };
}
