// A request with what every strategy needs of it, and what a strategy is. In: InboundRequest. Out: Visit, Strategy.
import type { AddressBook, Place } from './address-book';
import { type CookieJar, type Cookies, cookieJar, decodeCookies } from './cookie';
import type { Identified, Reply, SessionEnd } from './desk';
import type { LoginRecord } from './doctor';
import type { InboundRequest } from './inbound';

export interface Visit {
  readonly request: InboundRequest;
  readonly place: Place;
  readonly cookies: Cookies;
  readonly jar: CookieJar;
}

export const buildVisit = (request: InboundRequest, book: AddressBook, basePath: string): Visit => {
  const place = book.placeOf(request);
  return { request, place, cookies: decodeCookies(request.headers.get('cookie')), jar: cookieJar(place, basePath) };
};

/** One way to log in. What it does not know is null. */
export interface Strategy {
  identify(visit: Visit, isFresh: boolean): Promise<Identified>;
  /** What the doctor shows of whoever is logged in; null when nobody is. */
  record(visit: Visit): Promise<LoginRecord | null>;
  readonly begin: ((visit: Visit) => Promise<Reply>) | null;
  readonly finish: ((visit: Visit) => Promise<Reply>) | null;
  readonly loginByToken: ((visit: Visit, body: unknown) => Promise<Reply>) | null;
  /** Ends the session and tells where to go; the request was allowed. */
  logout(visit: Visit): Promise<{ readonly location: string; readonly setCookies: readonly string[]; readonly subject: string | null }>;
  readonly logoutByProvider: ((visit: Visit, form: URLSearchParams) => Promise<Reply>) | null;
  watchEnd(identified: Identified, onEnd: (why: SessionEnd) => void): () => void;
  close(): Promise<void>;
}
