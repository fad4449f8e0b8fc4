// Where a login starts and where it comes back to. In: addresses of the browser, query strings. Out: addresses under this origin only. Pure.

/** Where somebody goes who asked for nothing else. */
const HOME = '/';

/**
 * The path to go to after a login, below the base path; `/` for anything that could leave this origin or would come back to the login.
 * Browsers read `\` as `/` and drop tabs and line ends inside of an address, so both are refused rather than understood. As server/auth does.
 */
export function decodeReturn(to: string | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are what browsers drop
  if (to === null || !/^\/(?!\/|%2f|%5c|%0[9ad]|\.{1,2}\/)[^\\\u0000-\u0020\u007f-\u009f]*$/i.test(to) || to.length > 4000) return HOME;
  // Neither answers for programs nor the login itself are pages to come back to.
  return /^\/(?:api|login|metrics|_next)(?:[/?#]|$)/i.test(to) ? HOME : to;
}

/** The path, query and fragment of a page below the base path. */
export function readReturn(location: Pick<Location, 'pathname' | 'search' | 'hash'>, base: string): string {
  // Neither compared with '' nor measured: the base is put into the bundle after a minifier could have reckoned with another (server/serve).
  const path = `${location.pathname}/`;
  const below = path.startsWith(`${base}/`) ? path.replace(`${base}/`, '/') : path;
  return decodeReturn(`${below.replace(/(.)\/$/, '$1')}${location.search}${location.hash}`);
}

/** An address with the way back, which is left out where it is the start page. */
export const withReturn = (address: string, to: string): string => (to === HOME ? address : `${address}?to=${encodeURIComponent(to)}`);
