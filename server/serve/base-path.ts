// The base path of a build, exchanged: a build is made for a placeholder path, and serving replaces it in the build's texts.
// In: text of a file of the build, the wanted path. Out: the text for that path. Pure. next.config.js builds with the same placeholder.

/** The path that a production build is made for; server/build.mjs hands it to next.config.js. */
export const BASE_PLACEHOLDER = '/__heddle_base__';

/** `/` -> `` and `/console` -> `/console`: the form in which Next joins the base path with what follows. */
export const basePrefix = (basePath: string): string => (basePath === '/' ? '' : basePath);

/** Whether a request's path (with or without a query) is below the prefix. */
export const isWithinBase = (path: string, prefix: string): boolean => {
  const pathname = path.split('?', 1)[0] ?? '';
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
};

/** What stands at every other address: whoever reads it has mistyped, or set up a proxy that strips the path. */
export const describeOutside = (basePath: string): string =>
  `Heddle is served under ${basePath}, and this address is outside of it.\nA proxy before the console must not strip the path: pass it on as it is, or set server.basePath (HEDDLE_SERVER_BASE_PATH) to / and serve the console at the root of a host.\n`;

/**
 * A text of the build with the placeholder replaced by `prefix` ("" or "/a.b/c").
 * Regular expressions hold the placeholder with an escaped slash (`\\/`, once more escaped in JSON); dots must be escaped likewise there.
 */
export function patchBasePath(text: string, prefix: string): string {
  const inPattern = prefix.replaceAll('.', '\\\\.').replaceAll('/', '\\\\/');
  return text.replaceAll(`\\\\${BASE_PLACEHOLDER}`, () => inPattern).replaceAll(BASE_PLACEHOLDER, () => prefix);
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);

/**
 * routes-manifest.json for `prefix`. Its patterns are texts of their own, with plain slashes. Without a prefix Next's redirect from
 * "<base>/" to "<base>" would lead from "/" to nowhere for ever: it is left out.
 */
export function patchRoutesManifest(text: string, prefix: string): string {
  const manifest: unknown = JSON.parse(text);
  if (!isRecord(manifest)) throw new Error('routes-manifest.json of the build is not an object');
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      const pattern = key === 'regex' || key === 'namedRegex';
      return value.replaceAll(BASE_PLACEHOLDER, () => (pattern ? prefix.replaceAll('.', '\\.') : prefix));
    }
    if (Array.isArray(value)) return value.filter((each) => prefix !== '' || !isBaseRedirect(each)).map((each) => walk(each, key));
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)]));
    return value;
  };
  return JSON.stringify(walk(manifest, ''));
}

const isBaseRedirect = (x: unknown): boolean => isRecord(x) && x['source'] === `${BASE_PLACEHOLDER}/` && 'destination' in x;
