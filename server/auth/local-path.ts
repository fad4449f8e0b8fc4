// Where somebody goes after logging in: a page of this console, and nothing that a browser could read as another site.
// In: text of a query. Out: a local path, or null.

const MAX_LENGTH = 4000;
// WHATWG URL: "\" counts as "/", tabs and line breaks are dropped, so all of them can hide "//host".
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const HOSTILE = /[\u0000-\u0020\u007f-\u009f\\\u2028\u2029]/;
// Encoded slashes at the start become real ones at proxies that decode.
const ENCODED_START = /^\/(?:\/|%2f|%5c|%09|%0a|%0d|\.{1,2}\/)/i;

/** The path (with query and fragment, without the base path) if it is one of this console's pages; null for anything else. */
export function localPath(text: string | null, basePath: string): string | null {
  if (text === null || text.length > MAX_LENGTH || !text.startsWith('/') || HOSTILE.test(text) || ENCODED_START.test(text)) return null;
  let url: URL;
  try {
    url = new URL(text, 'http://heddle.invalid');
  } catch {
    return null;
  }
  if (url.origin !== 'http://heddle.invalid' || url.pathname.startsWith('//')) return null;
  const path =
    basePath !== '' && (url.pathname === basePath || url.pathname.startsWith(`${basePath}/`))
      ? url.pathname.slice(basePath.length) || '/'
      : url.pathname;
  if (ENCODED_START.test(path) || path.startsWith('//')) return null;
  // Neither the API (an answer for programs) nor the login itself (a loop) is a page to return to.
  if (/^\/(?:api|login|metrics|_next)(?:\/|$)/i.test(path)) return null;
  return path + url.search + url.hash;
}
