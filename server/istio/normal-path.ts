// The path of a request as every proxy of the mesh reads it before routes and policies look at it. In: a path without query. Out: the path.
// Source: MeshConfig.pathNormalization, Envoy normalize_path (RFC 3986: unreserved characters decoded, dot segments taken out, `\` is `/`).
import type { MeshSettings } from '../../model/inventory';

/** Paths that no normalisation changes are by far the most. */
const MAY_CHANGE = /[%\\]|\/\/|\/\./;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

export function normalPath(path: string, mode: MeshSettings['pathNormalization']): string {
  if (mode === 'NONE' || !path.startsWith('/') || !MAY_CHANGE.test(path)) return path;
  switch (mode) {
    case 'BASE':
      return baseForm(path);
    case 'MERGE_SLASHES':
      return mergeSlashes(baseForm(path));
    case 'DECODE_AND_MERGE_SLASHES':
      return mergeSlashes(baseForm(path.replace(/%(?:2f|5c)/gi, '/')));
  }
}

const mergeSlashes = (path: string): string => path.replace(/\/{2,}/g, '/');

function baseForm(path: string): string {
  const decoded = path.replaceAll('\\', '/').replace(/%([0-9a-f]{2})/gi, (code, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : code;
  });
  const kept: string[] = [];
  const segments = decoded.slice(1).split('/');
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (last) kept.push('');
  }
  return `/${kept.join('/')}`;
}
