// Users who come through a proxy that logs them in and signs who they are: every request is verified anew, there is no session here.
// In: visits, HeaderVerifier. Out: Strategy.
import type { User } from '../../model/account';
import { Failure } from '../../model/failure';
import type { Clock } from '../ports';
import type { Audit } from './audit';
import type { AuthSettings, HeaderSettings } from './auth-settings';
import { credentialOf, refusedBy, unauthenticated } from './caller';
import { type Claims, claimAt, decodeGroups, decodeUsername, shownClaims } from './claims';
import { clearLoadBalancerCookies } from './cookie';
import { groupFindings, recordOfFault } from './doctor';
import { LoginFault } from './fault';
import type { HeaderVerifier } from './header';
import type { ProviderFetch } from './provider-fetch';
import type { Strategy, Visit } from './visit';

export interface HeaderParts {
  readonly settings: AuthSettings & { readonly header: HeaderSettings };
  readonly verify: HeaderVerifier;
  readonly fetch: ProviderFetch;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly onLogout: (subject: string) => void;
}

export function createHeaderStrategy({ settings, verify, fetch, audit, clock, onLogout }: HeaderParts): Strategy {
  async function readUser(visit: Visit): Promise<{ readonly user: User; readonly claims: Claims }> {
    const text = visit.request.headers.get(settings.header.name);
    if (text === null || text.trim() === '')
      throw new LoginFault(
        'headerMissing',
        `The proxy before the console set no header ${settings.header.name}.`,
        'Open the console through the proxy, and let it authenticate every path; auth.header.name names its header.',
      );
    const claims = await verify(text);
    const groups = decodeGroups(claimAt(claims, settings.groupsClaim));
    const username = decodeUsername(claims, settings.usernameClaim);
    if (username === null)
      throw new LoginFault(
        'usernameMissing',
        `Neither the claim ${settings.usernameClaim} nor preferred_username nor sub names the user.`,
        'Set auth.usernameClaim to a claim that the proxy sends.',
        { claims: shownClaims(claims, settings.groupsClaim), username: null, groups },
      );
    const { sub } = { sub: claims['sub'] };
    const subject = typeof sub === 'string' && sub !== '' ? sub : username.value;
    return { user: { strategy: 'header', subject, name: username.value, groups }, claims };
  }

  return {
    identify: async (visit) => {
      try {
        const { user } = await readUser(visit);
        const credential = credentialOf(user, settings.accessMode, null);
        return {
          kind: 'caller',
          caller: { user, credential, address: visit.place.address, sessionId: null },
          session: null,
          setCookies: [],
        };
      } catch (error) {
        if (error instanceof Failure) return { kind: 'unauthenticated', failure: error, setCookies: [] };
        if (!(error instanceof LoginFault)) throw error;
        audit.note('request', error.code, { address: visit.place.address, text: error.message });
        return error.code === 'headerMissing' ? unauthenticated(error.message, [], error.fix) : refusedBy(error);
      }
    },
    record: async (visit) => {
      try {
        const { user, claims } = await readUser(visit);
        return {
          strategy: 'header',
          atMs: clock.now(),
          claims: shownClaims(claims, settings.groupsClaim),
          username: user.name,
          subject: user.subject,
          groups: user.groups,
          redirectUri: null,
          findings: [
            { severity: 'ok', code: 'loggedIn', text: `${user.name} is logged in by the proxy.`, fix: null },
            ...groupFindings(user, settings, user.groups.length),
          ],
        };
      } catch (error) {
        if (error instanceof LoginFault) return recordOfFault(error, 'header', null, clock.now());
        throw error;
      }
    },
    begin: null,
    finish: null,
    loginByToken: null,
    logout: async (visit) => {
      const subject = await readUser(visit).then(
        ({ user }) => user.subject,
        () => null,
      );
      if (subject !== null) onLogout(subject);
      return { location: `${settings.basePath}/login`, setCookies: clearLoadBalancerCookies(visit.cookies), subject };
    },
    logoutByProvider: null,
    watchEnd: () => () => {},
    close: () => fetch.close(),
  };
}
