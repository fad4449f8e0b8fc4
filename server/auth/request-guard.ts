// Whether a request that changes something comes from a page of this console (CSRF). In: request, public addresses, the session's token.
// Out: null, or why not. Cookies are SameSite=Lax besides, which alone does not stop pages of the same site.
import { timingSafeEqual } from 'node:crypto';
import { Failure } from '../../model/failure';
import type { AddressBook, Place } from './address-book';
import type { InboundRequest } from './inbound';

export const CSRF_HEADER = 'x-heddle-csrf';

export interface ChangeFault {
  readonly outcome: 'wrongOrigin' | 'wrongCsrfToken';
  readonly failure: Failure;
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** `csrfToken`: that of the session, null where there is none and the origin alone decides. */
export function checkChange(request: InboundRequest, book: AddressBook, place: Place, csrfToken: string | null): ChangeFault | null {
  const origin = request.headers.get('origin');
  // Browsers send Origin with every request that is not GET or HEAD (Fetch 3.1); Sec-Fetch-Site stands in where something removed it.
  const isOwn = origin === null ? request.headers.get('sec-fetch-site') === 'same-origin' : book.isOwnOrigin(origin, place);
  if (!isOwn)
    return {
      outcome: 'wrongOrigin',
      failure: new Failure(
        'forbidden',
        origin === null ? 'the request does not tell which page sent it' : 'the request was sent by a page of another address',
        'Open the console under an address of server.publicUrls, and add this one there if people use it; programs send it as Origin.',
      ),
    };
  if (csrfToken === null || isSame(request.headers.get(CSRF_HEADER) ?? '', csrfToken)) return null;
  return {
    outcome: 'wrongCsrfToken',
    failure: new Failure(
      'forbidden',
      `the header ${CSRF_HEADER} is missing or not of this session`,
      'Load the page again; programs read csrfToken from /api/me.',
    ),
  };
}
