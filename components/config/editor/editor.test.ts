// Tests of what is known of a text while it is written: YAML faults, schema faults in words, places, completion paths.
import { describe, expect, it } from 'vitest';
import { virtualServiceSchema } from '../sample-config';
import { prepareSchema, schemaAt } from './object-schema';
import { suggestWord } from './suggest-word';
import { locatePath, MAX_TEXT_CHARS, TextReader } from './text-report';
import { keyPathAt, type Lines, placeAt } from './yaml-path';

const reader = new TextReader(prepareSchema(virtualServiceSchema()));
const HEAD = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\n  namespace: bookinfo\n';
const read = (spec: string, paths: readonly string[] = []) => {
  const text = HEAD + spec;
  const report = reader.read(text, paths);
  return {
    ...report,
    words: report.problems.map((one) => one.message),
    marked: report.problems.map((one) => text.slice(one.from, one.to)),
    found: report.places.map((one) => (one === null ? null : text.slice(one.from, one.to))),
  };
};

describe('TextReader', () => {
  it('finds nothing wrong with a good object and says who it is', () => {
    const report = read('spec:\n  hosts: [reviews]\n  http:\n    - route:\n        - destination: {host: reviews}\n');
    expect(report.problems).toEqual([]);
    expect(report.identity).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: 'bookinfo',
      name: 'reviews',
    });
  });

  it('names an unknown field, the one that is meant, and points at the key', () => {
    const { words, marked } = read('spec:\n  hosts: [reviews]\n  http:\n    - rout:\n        - destination: {host: reviews}\n');
    expect(words).toEqual(['unknown field “rout”. Did you mean “route”?']);
    expect(marked).toEqual(['rout']);
  });

  it('says which type a value must have, and points at the value', () => {
    const { words, marked } = read(
      'spec:\n  hosts: [reviews]\n  http:\n    - route:\n        - weight: many\n          destination: {host: reviews}\n',
    );
    expect(words).toEqual(['“weight” must be a whole number, not the text “many”.']);
    expect(marked).toEqual(['many']);
  });

  it('says what is missing, what is one of several, and what excludes each other', () => {
    expect(read('spec:\n  http:\n    - route:\n        - destination: {}\n').words).toEqual([
      '“destination” lacks the field “host”, which it must have.',
    ]);
    expect(read('spec:\n  http:\n    - mode: STRIKT\n').words).toEqual([
      '“mode” must be one of STRICT, PERMISSIVE. Did you mean “STRICT”?',
    ]);
    expect(read('spec:\n  http:\n    - match:\n        - uri: {exact: /a, prefix: /b}\n').words).toEqual([
      'Only one of exact and prefix can be set in “uri”.',
    ]);
  });

  it('takes a number or a text where the cluster takes both, and anything where it keeps everything', () => {
    expect(read('spec:\n  port: 80\n  free: {any: [1]}\n').words).toEqual([]);
    expect(read('spec:\n  port: http\n').words).toEqual([]);
  });

  it('explains faults of YAML: tabs, two documents, keys twice, bombs, too much, nothing', () => {
    expect(read('spec:\n\thosts: [a]\n').words[0]).toMatch(/^A tab indents this line/);
    const two = read('spec: {}\n---\nkind: Other\n');
    expect(two.words[0]).toMatch(/^A second document begins here/);
    expect(two.problems[0]?.blocks).toBe(true);
    expect(read('spec:\n  hosts: [a]\n  htt\n').words[0]).toMatch(/perhaps a colon or a dash is missing/);
    expect(read('spec: {}\nspec: {}\n').words[0]).toMatch(/twice/);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`).join(',')}]\n`)
      .join('')}`;
    expect(reader.read(bomb, []).problems[0]?.message).toMatch(/YAML bomb/);
    expect(reader.read('a'.repeat(MAX_TEXT_CHARS + 1), []).problems[0]?.message).toMatch(/larger than 1 MiB/);
    expect(reader.read('  \n', []).problems[0]?.message).toMatch(/no text/);
    expect(reader.read('- a\n', []).problems[0]?.message).toMatch(/not an object/);
    expect(reader.read('# only\n', []).problems[0]?.blocks).toBe(true);
    expect(read('spec: {}\n<<<<<<< yours\na: 1\n').words[0]).toMatch(/Both you and somebody else/);
  });

  it('reads CRLF as any other break', () => {
    expect(reader.read(`${HEAD}spec:\n  hosts: [a]\n`.replaceAll('\n', '\r\n'), []).problems).toEqual([]);
  });

  it('finds the places of paths, of keys with dots too, and the nearest of what is not there', () => {
    const spec = 'spec:\n  http:\n    - match:\n        - headers:\n            x.user: {exact: a}\n      route: []\n';
    expect(read(spec, ['spec.http[0].match[0].headers.x.user.exact', 'spec.http[0].route', 'spec.http[3]', 'nothing']).found).toEqual([
      'exact',
      'route',
      'http',
      null,
    ]);
  });
});

describe('suggestWord', () => {
  it('finds the word that is meant, and none where nothing is near', () => {
    expect(suggestWord('destnation', ['destination', 'weight'])).toBe('destination');
    expect(suggestWord('hsot', ['host', 'port'])).toBe('host');
    expect(suggestWord('banana', ['host', 'port'])).toBeNull();
  });
});

/** Cuts the text at `|` and asks for the place of that cursor. */
function at(text: string) {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const all = text.replace('|', '').split('\n');
  const lines: Lines = { count: all.length, line: (i) => all[i] ?? '' };
  return { lines, row: before.length - 1, column: (before.at(-1) ?? '').length };
}
const placeOf = (text: string) => {
  const { lines, row, column } = at(text);
  const { path, key, siblings, indent } = placeAt(lines, row, column);
  return { path: path.join('.'), key, siblings: [...siblings].sort(), indent };
};

describe('placeAt', () => {
  it('knows the mapping of a key that is being written', () => {
    expect(placeOf('kind: A\nspec:\n  ho|')).toEqual({ path: 'spec', key: null, siblings: [], indent: 2 });
    expect(placeOf('kind: A\n|\nspec: {}')).toEqual({ path: '', key: null, siblings: ['kind', 'spec'], indent: 0 });
  });

  it('knows elements of lists, whether indented under their key or not', () => {
    const path = 'spec.http.[].route.[].destination';
    expect(placeOf('spec:\n  http:\n  - match:\n    - uri:\n        prefix: /x\n    route:\n    - destination:\n        ho|').path).toBe(
      path,
    );
    expect(
      placeOf('spec:\n  http:\n    - match:\n        - uri:\n            prefix: /x\n      route:\n        - destination:\n            ho|')
        .path,
    ).toBe(path);
    expect(placeOf('spec:\n  http:\n    - rou|').path).toBe('spec.http.[]');
    expect(placeOf('spec:\n  http:\n    - name: a\n      rou|')).toMatchObject({ path: 'spec.http.[]', siblings: ['name'] });
    expect(placeOf('spec:\n  http:\n    - name: a\n      |\n      route: []\n    - timeout: 1s')).toMatchObject({
      siblings: ['name', 'route'],
    });
  });

  it('knows the key whose value is written', () => {
    expect(placeOf('spec:\n  mtls:\n    mode: STR|')).toMatchObject({ path: 'spec.mtls', key: 'mode' });
  });

  it('skips comments, blank lines and deeper lines', () => {
    expect(placeOf('spec:\n  # no\n\n  a:\n    b: 1\n  |').path).toBe('spec');
  });
});

describe('keyPathAt', () => {
  it('is the path of the key under the pointer, and nothing elsewhere', () => {
    const { lines, row, column } = at('spec:\n  http:\n    - ro|ute:\n        - weight: 1');
    expect(keyPathAt(lines, row, column)).toEqual(['spec', 'http', '[]', 'route']);
    const value = at('spec:\n  name: va|lue');
    expect(keyPathAt(value.lines, value.row, value.column)).toBeNull();
  });

  it('leads to the description of the schema', () => {
    const schema = prepareSchema(virtualServiceSchema());
    expect(schemaAt(schema, ['spec', 'hosts'])?.description).toMatch(/destination hosts/i);
    expect(schemaAt(schema, ['spec', 'nope'])).toBeNull();
  });
});

it('finds the field of a path, as much of it as there is, and nothing where nothing is', () => {
  const text = 'spec:\n  http:\n    - match: [{uri: {prefix: /}}]\n    - route: []\n';
  expect(locatePath(text, 'spec.http[0].match')).toBe(text.indexOf('match'));
  expect(locatePath(text, 'spec.http[1].match')).toBe(text.indexOf('route'));
  expect(locatePath(text, 'metadata.name')).toBeNull();
  expect(locatePath('', 'spec')).toBeNull();
  expect(locatePath('a: [', 'a')).toBe(0);
});
