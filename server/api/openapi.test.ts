// Holds the description of the API to the program: its shape, its routes, its parameters, its references. What the routes really answer is
// held to it in e2e/api.spec.ts.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { MEDIA_TYPES, TEXT_FORMATS } from '../../model/export-format';
import { FAILURES, type FailureCode } from '../../model/failure';
import { GRAPH_TYPES } from '../../model/graph';
import { AMBIENT_TRAFFIC, DETAIL_LEVELS, GRPC_RATES, HTTP_RATES, TCP_RATES } from '../../model/view-options';
import { DEFAULT_VIEW, decodeView, OVERLAYS, VIEW_PARAMETERS } from '../../model/wire';
import { OPENAPI } from './openapi';
import { SCHEMAS } from './schemas';

type Json = Readonly<Record<string, unknown>>;
const isRecord = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);
const recordOf = (x: unknown): Json => {
  if (!isRecord(x)) throw new TypeError(`expected an object, found ${JSON.stringify(x)}`);
  return x;
};
const listOf = (x: unknown): readonly unknown[] => {
  if (!Array.isArray(x)) throw new TypeError(`expected a list, found ${JSON.stringify(x)}`);
  return x;
};

// Seen as any client sees it: as JSON.
const parsed: unknown = JSON.parse(JSON.stringify(OPENAPI));
const api = recordOf(parsed);
const paths = recordOf(api['paths']);
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(recordOf(item)).map(([method, operation]) => ({ path, method, operation: recordOf(operation) })),
);
/** Statuses whose answers have no body. */
const EMPTY = ['204', '302'];

/** Every object inside a document with its place. */
function* walk(value: unknown, place: string): Generator<readonly [string, Json]> {
  if (Array.isArray(value)) for (const [i, entry] of value.entries()) yield* walk(entry, `${place}/${i}`);
  else if (isRecord(value)) {
    yield [place, value];
    for (const [name, entry] of Object.entries(value)) yield* walk(entry, `${place}/${name}`);
  }
}

/** What a reference inside the document points to; undefined when it points nowhere. */
function resolve(reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  return reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), api);
}

const parametersOf = (path: string): readonly Json[] => {
  const found = operations.find((one) => one.path === path);
  return listOf(found?.operation['parameters']).map(recordOf);
};
const namesOf = (path: string): readonly unknown[] => parametersOf(path).map((parameter) => parameter['name']);

/** Paths of the route files under app/: app/api/graph/route.ts is /api/graph. */
function listRoutes(): readonly string[] {
  const app = join(import.meta.dirname, '..', '..', 'app');
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(folder, entry.name));
      else if (/^route\.tsx?$/.test(entry.name))
        found.push(
          `/${relative(app, folder)
            .split(sep)
            .join('/')
            .replace(/\[(\w+)\]/g, '{$1}')}`,
        );
    }
  };
  visit(app);
  return found;
}

describe('the document', () => {
  it('has the shape of OpenAPI 3.1', () => {
    expect(api['openapi']).toMatch(/^3\.1\.\d+$/);
    const info = recordOf(api['info']);
    expect(info['title']).toBe('Heddle');
    expect(info['version']).toMatch(/^\d+\.\d+\.\d+/);
    // A licence has an identifier (SPDX) or a url, never both.
    expect(Object.keys(recordOf(info['license'])).sort()).toEqual(['identifier', 'name']);
    expect(Object.keys(api).filter((name) => !['openapi', 'info', 'paths', 'components', 'servers', 'tags'].includes(name))).toEqual([]);
    for (const [path, item] of Object.entries(paths)) {
      expect(path).toMatch(/^\/[\w./{}-]+$/);
      expect([['get'], ['post'], ['get', 'post'], ['delete', 'put']]).toContainEqual(Object.keys(recordOf(item)).sort());
    }
  });

  it('names every operation once and says what it does', () => {
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      expect(operation['operationId']).toMatch(/^[a-z][A-Za-z]+$/);
      expect(String(operation['summary']).length).toBeGreaterThan(10);
    }
  });

  it('describes every parameter', () => {
    for (const { path } of operations) {
      const names = namesOf(path);
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
      expect(new Set(names).size).toBe(names.length);
      for (const parameter of parametersOf(path)) {
        expect(parameter['in']).toBe(path.includes(`{${String(parameter['name'])}}`) ? 'path' : 'query');
        expect(typeof parameter['required']).toBe('boolean');
        expect(String(parameter['description'])).not.toBe('');
        expect(isRecord(parameter['schema'])).toBe(true);
      }
    }
  });

  it('describes every answer with one content type (a file: with each that it can have) and a schema', () => {
    for (const { operation } of operations) {
      const responses = recordOf(operation['responses']);
      expect(Object.keys(responses).some((status) => /^[23]/.test(status))).toBe(true);
      for (const [status, response] of Object.entries(responses)) {
        expect(status).toMatch(/^[1-5]\d\d$/);
        expect(String(recordOf(response)['description'])).not.toBe('');
        if (EMPTY.includes(status)) {
          expect(Object.keys(recordOf(response))).toEqual(['description']);
          continue;
        }
        const contents = Object.entries(recordOf(recordOf(response)['content']));
        if (operation['operationId'] === 'exportGraph' && status === '200') {
          expect(contents.map(([type]) => type)).toEqual([...new Set(TEXT_FORMATS.map((format) => MEDIA_TYPES[format]))]);
          continue;
        }
        expect(contents).toHaveLength(1);
        for (const [type, content] of contents) {
          expect(type).toMatch(/^(application\/(problem\+)?json|text\/(plain|event-stream))$/);
          expect(isRecord(recordOf(content)['schema'])).toBe(true);
        }
      }
    }
  });

  it('answers failures of the request and of Prometheus with problems', () => {
    const codes: Readonly<Record<string, readonly FailureCode[]>> = {
      '400': ['badRequest'],
      '502': ['metricsUnreachable', 'metricsMalformed', 'metricsRejected'],
      '503': ['starting'],
      '504': ['metricsTimeout'],
    };
    for (const [status, failures] of Object.entries(codes)) for (const code of failures) expect(String(FAILURES[code].status)).toBe(status);
    for (const path of ['/api/graph', '/api/graph/element', '/api/graph/charts', '/api/namespaces']) {
      const responses = recordOf(operations.find((one) => one.path === path)?.operation['responses']);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(Object.keys(codes)));
      for (const status of Object.keys(codes))
        expect(Object.keys(recordOf(recordOf(responses[status])['content']))).toEqual(['application/problem+json']);
    }
  });

  it('holds only references that point somewhere, and no schema that nobody uses', () => {
    const references = [...walk(api, '#')].filter(([, value]) => '$ref' in value);
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter(([, value]) => resolve(String(value['$ref'])) === undefined).map(([place]) => place)).toEqual([]);
    const used = new Set(references.map(([, value]) => String(value['$ref']).split('/').at(-1)));
    expect(Object.keys(SCHEMAS).filter((name) => !used.has(name))).toEqual([]);
  });

  it('is made of schemas that a validator understands and that refuse what they do not describe', () => {
    for (const name of Object.keys(SCHEMAS)) {
      const validator = new Validator({ $ref: `#/components/schemas/${name}`, components: recordOf(api['components']) }, '2020-12');
      expect(validator.validate({}).valid, name).toBe(false);
      expect(validator.validate(null).valid, name).toBe(false);
    }
  });
});

describe('the routes', () => {
  it('are exactly the paths of the document', () => {
    expect(Object.keys(paths).sort()).toEqual([...listRoutes()].sort());
  });

  it('answer exactly the methods of the document', () => {
    const app = join(import.meta.dirname, '..', '..', 'app');
    for (const [path, item] of Object.entries(paths)) {
      const source = readFileSync(join(app, path.replace(/\{(\w+)\}/g, '[$1]'), 'route.ts'), 'utf8');
      const methods = [...source.matchAll(/^export (?:const|function|async function) (GET|POST|PUT|PATCH|DELETE)\b/gm)].map(
        (m) => m[1] ?? '',
      );
      expect(methods.map((method) => method.toLowerCase()).sort(), path).toEqual(Object.keys(recordOf(item)).sort());
    }
  });
});

describe('the parameters of a view', () => {
  it('are exactly those that the program reads', () => {
    for (const path of ['/api/graph', '/api/graph/stream']) expect([...namesOf(path)].sort()).toEqual([...VIEW_PARAMETERS].sort());
    for (const path of ['/api/graph/element', '/api/graph/charts'])
      expect([...namesOf(path)].sort()).toEqual([...VIEW_PARAMETERS, 'id'].sort());
    expect(namesOf('/api/namespaces')).toEqual(['duration']);
  });

  it('have the defaults of the program', () => {
    const query = new URLSearchParams();
    for (const parameter of parametersOf('/api/graph')) {
      const standard = recordOf(parameter['schema'])['default'];
      if (standard !== undefined) query.set(String(parameter['name']), typeof standard === 'string' ? standard : JSON.stringify(standard));
    }
    expect([...query.keys()].length).toBeGreaterThan(4);
    expect(decodeView(query)).toEqual(DEFAULT_VIEW);
  });

  it('offer the values that the program accepts, all of them', () => {
    const choices: Readonly<Record<string, readonly string[]>> = {
      graphType: GRAPH_TYPES,
      level: DETAIL_LEVELS,
      serviceNodes: ['true', 'false'],
      idle: ['true', 'false'],
      idleEdges: ['true', 'false'],
      operations: ['true', 'false'],
      waypoints: ['true', 'false'],
      rateHttp: HTTP_RATES,
      rateGrpc: GRPC_RATES,
      rateTcp: TCP_RATES,
      ambientTraffic: AMBIENT_TRAFFIC,
    };
    for (const parameter of parametersOf('/api/graph')) {
      const name = String(parameter['name']);
      const offered = recordOf(parameter['schema'])['enum'];
      expect(offered, name).toEqual(choices[name]);
      for (const value of choices[name] ?? []) expect(() => decodeView(new URLSearchParams({ [name]: value }))).not.toThrow();
    }
    expect(() => decodeView(new URLSearchParams({ overlays: OVERLAYS.join(',') }))).not.toThrow();
  });

  it('have patterns that let through what the program reads and stop what it never reads', () => {
    const patternOf = (name: string): RegExp => {
      const parameter = parametersOf('/api/graph').find((one) => one['name'] === name);
      return new RegExp(String(recordOf(parameter?.['schema'])['pattern']));
    };
    for (const text of ['60', '90s', '5m', '3h', '30d']) expect(text).toMatch(patternOf('duration'));
    for (const text of ['1.5m', '-5m', '5 m', 'banana', '1w']) expect(text).not.toMatch(patternOf('duration'));
    expect('1764000000').toMatch(patternOf('at'));
    for (const text of ['1764000000.5', '-1', 'now', '123']) expect(text).not.toMatch(patternOf('at'));
  });
});
