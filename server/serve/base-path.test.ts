// Tests of the exchange of the base path: every form in which a build writes it, for the root, a plain path and one with dots.
import { describe, expect, it } from 'vitest';
import { BASE_PLACEHOLDER, basePrefix, isWithinBase, patchBasePath, patchRoutesManifest } from './base-path';

const MATCHER = String.raw`{"regexp":"^\\/__heddle_base__(?:\\/((?!api\\/|_next\\/static).*))?$","originalSource":"/"}`;
const matcherFor = (prefix: string): RegExp => {
  const parsed: unknown = JSON.parse(patchBasePath(MATCHER, prefix));
  if (typeof parsed !== 'object' || parsed === null || !('regexp' in parsed) || typeof parsed.regexp !== 'string')
    throw new Error('no regexp');
  return new RegExp(parsed.regexp);
};

describe('basePrefix', () => {
  it('is nothing for the root', () => {
    expect(['/', '/console', '/a.b/mesh-1'].map(basePrefix)).toEqual(['', '/console', '/a.b/mesh-1']);
  });
});

describe('isWithinBase', () => {
  it('knows what is below a path, and everything is below the root', () => {
    for (const path of ['/console', '/console/', '/console?x=/y', '/console/graph']) expect(isWithinBase(path, '/console')).toBe(true);
    for (const path of ['/', '/consoles', '/graph', '', '/graph?to=/console', '*']) expect(isWithinBase(path, '/console')).toBe(false);
    expect(isWithinBase('/graph', '')).toBe(true);
  });
});

describe('patchBasePath', () => {
  it('exchanges the path in scripts, styles and data', () => {
    const text = `let b="${BASE_PLACEHOLDER}";f("${BASE_PLACEHOLDER}/_next/static/a.js");g=\`${BASE_PLACEHOLDER}/graph\``;
    expect(patchBasePath(text, '/console')).toBe('let b="/console";f("/console/_next/static/a.js");g=`/console/graph`');
    expect(patchBasePath(text, '')).toBe('let b="";f("/_next/static/a.js");g=`/graph`');
  });

  it('keeps the patterns of the matchers valid and exact', () => {
    expect(matcherFor('').test('/graph')).toBe(true);
    expect(matcherFor('').test('/api/graph')).toBe(false);
    expect(matcherFor('/console').test('/console/graph')).toBe(true);
    expect(matcherFor('/console').test('/consoles')).toBe(false);
    expect(matcherFor('/a.b/mesh-1').test('/a.b/mesh-1/graph')).toBe(true);
    expect(matcherFor('/a.b/mesh-1').test('/aXb/mesh-1/graph')).toBe(false);
  });

  it('takes a path with what a replacement would read as a command literally', () => {
    expect(patchBasePath(`"${BASE_PLACEHOLDER}"`, '/~$&')).toBe('"/~$&"');
  });

  it('leaves everything else as it is', () => {
    const text = 'const heddle = "/__heddle__"; // __heddle_base';
    expect(patchBasePath(text, '/console')).toBe(text);
  });
});

describe('patchRoutesManifest', () => {
  const manifest = JSON.stringify({
    version: 3,
    basePath: BASE_PLACEHOLDER,
    redirects: [
      { source: `${BASE_PLACEHOLDER}/`, destination: BASE_PLACEHOLDER, basePath: false, statusCode: 308, regex: `^${BASE_PLACEHOLDER}/$` },
      { source: '/:path+/', destination: '/:path+', statusCode: 308, regex: '^(?:/((?:[^/]+?)(?:/(?:[^/]+?))*))/$' },
    ],
    headers: [{ source: `${BASE_PLACEHOLDER}/_next/static/:path*`, headers: [], regex: `^${BASE_PLACEHOLDER}/_next/static(?:/(.*))?$` }],
  });

  it('drops the redirect to the base, which would lead from the root to nowhere', () => {
    const patched = patchRoutesManifest(manifest, '');
    expect(patched).not.toContain('heddle_base');
    expect(JSON.parse(patched)).toMatchObject({
      basePath: '',
      redirects: [{ source: '/:path+/' }],
      headers: [{ source: '/_next/static/:path*' }],
    });
  });

  it('keeps it for a path, with its dots escaped in patterns only', () => {
    expect(JSON.parse(patchRoutesManifest(manifest, '/a.b/mesh-1'))).toMatchObject({
      basePath: '/a.b/mesh-1',
      redirects: [{ source: '/a.b/mesh-1/', destination: '/a.b/mesh-1', regex: '^/a\\.b/mesh-1/$' }, {}],
      headers: [{ source: '/a.b/mesh-1/_next/static/:path*', regex: '^/a\\.b/mesh-1/_next/static(?:/(.*))?$' }],
    });
  });
});
