// Sessions in cookies: read, checked, written, ended. In: cookies, Sealer, SessionMemory, Clock. Out: Session, Set-Cookie lines.
// Every replica with the same keys reads every session. What one replica knows alone (revocations, newest forms) makes it stricter, never laxer.
import { createHash, randomBytes } from 'node:crypto';
import { namedGroups } from '../../model/role-rules';
import type { Clock } from '../ports';
import type { AuthOutcome } from './audit';
import type { AuthSettings } from './auth-settings';
import { type CookieJar, type Cookies, clearChunks, encodeChunks, joinChunks } from './cookie';
import { LoginFault } from './fault';
import type { Sealer } from './seal';
import { decodeSession, encodeSession, type Session } from './session';
import { fitSession } from './session-fit';
import type { SessionMemory } from './session-memory';

export type SessionRefusal = Extract<AuthOutcome, 'sessionEnded' | 'sessionIdle' | 'sessionRevoked' | 'sessionUnknown'>;
export type FoundSession =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly outcome: SessionRefusal; readonly session: Session | null }
  /** `isStale`: the browser should be given this form, it has an older one. */
  | { readonly kind: 'session'; readonly session: Session; readonly isStale: boolean };

export type NewSession = Omit<Session, 'id' | 'csrfToken' | 'realm' | 'createdAtMs' | 'seenAtMs' | 'endsAtMs' | 'generation' | 'isPartial'>;

export interface SessionKeeper {
  readonly realm: string;
  read(cookies: Cookies, jar: CookieJar): Promise<FoundSession>;
  /** A new session with an id of its own; `endsAtMs`: not after that. */
  begin(session: NewSession, endsAtMs: number | null): Session;
  /** Set-Cookie lines. Remembers the whole session. @throws LoginFault sessionTooLarge */
  write(session: Session, cookies: Cookies, jar: CookieJar): Promise<readonly string[]>;
  clear(cookies: Cookies, jar: CookieJar): readonly string[];
  /** When it ends without further requests, ms since the epoch. */
  idleEnd(session: Session): number;
}

type KeeperSettings = Pick<
  AuthSettings,
  'strategy' | 'openid' | 'sessionIdleMs' | 'sessionMaxMs' | 'accessMode' | 'roles' | 'usernameClaim' | 'groupsClaim'
>;

const MAX_OPENED = 500;

/** What a session has to agree with: another provider, client or claim means another identity. */
const realmOf = ({ strategy, openid, usernameClaim, groupsClaim, accessMode }: KeeperSettings): string =>
  createHash('sha256')
    .update(JSON.stringify([strategy, openid?.issuer, openid?.clientId, usernameClaim, groupsClaim, accessMode]))
    .digest('base64url')
    .slice(0, 12);

export function createSessionKeeper(settings: KeeperSettings, sealer: Sealer, memory: SessionMemory, clock: Clock): SessionKeeper {
  const realm = realmOf(settings);
  const named = namedGroups(settings.roles);
  // One browser sends the same cookie many times a minute: what it opened to is kept for the newest of them. Checks are made every time.
  const opened = new Map<string, Session>();
  async function openText(text: string): Promise<Session | null> {
    const known = opened.get(text);
    if (known !== undefined) return known;
    const bytes = await sealer.open('session', text);
    const session = bytes === null ? null : decodeSession(bytes);
    if (session === null) return null;
    opened.set(text, session);
    if (opened.size > MAX_OPENED) {
      const [oldest] = opened.keys();
      if (oldest !== undefined) opened.delete(oldest);
    }
    return session;
  }
  const idleEnd = (session: Session): number => Math.min(session.seenAtMs + settings.sessionIdleMs, session.endsAtMs);

  /** A session whose larger part is in memory, whole again if this replica has it. */
  function complete(session: Session): Session {
    if (!session.isPartial) return session;
    const held = memory.newest(session.id);
    if (held === null || held.isPartial) return session;
    const isUsable = held.clusterToken === null || (held.tokenEndsAtMs ?? Number.POSITIVE_INFINITY) > clock.now();
    if (!isUsable) return session;
    const tokenEndsAtMs =
      held.tokenEndsAtMs === null || session.tokenEndsAtMs === null
        ? session.tokenEndsAtMs
        : Math.min(held.tokenEndsAtMs, session.tokenEndsAtMs);
    return { ...session, groups: held.groups, clusterToken: held.clusterToken, tokenEndsAtMs, isPartial: false };
  }

  return {
    realm,
    idleEnd,
    read: async (cookies, jar) => {
      const text = joinChunks(cookies, jar);
      if (text === null) return { kind: 'none' };
      const stored = await openText(text);
      if (stored === null || stored.strategy !== settings.strategy || stored.realm !== realm)
        return { kind: 'refused', outcome: 'sessionUnknown', session: null };
      if (memory.isRevoked(stored)) return { kind: 'refused', outcome: 'sessionRevoked', session: stored };
      const now = clock.now();
      const newest = memory.newest(stored.id);
      const isStale = newest !== null && newest.generation > stored.generation;
      const session = isStale
        ? { ...newest, seenAtMs: Math.max(newest.seenAtMs, stored.seenAtMs) }
        : { ...complete(stored), seenAtMs: Math.max(stored.seenAtMs, newest?.seenAtMs ?? 0) };
      // Settings may have become stricter since it began.
      const endsAtMs = Math.min(session.endsAtMs, session.createdAtMs + settings.sessionMaxMs);
      if (endsAtMs <= now || session.createdAtMs > now + 60_000) return { kind: 'refused', outcome: 'sessionEnded', session };
      if (idleEnd(session) <= now) return { kind: 'refused', outcome: 'sessionIdle', session };
      return { kind: 'session', session: { ...session, endsAtMs }, isStale };
    },
    begin: (session, endsAtMs) => {
      const now = clock.now();
      const latest = now + settings.sessionMaxMs;
      return {
        ...session,
        id: randomBytes(16).toString('base64url'),
        csrfToken: randomBytes(16).toString('base64url'),
        realm,
        createdAtMs: now,
        seenAtMs: now,
        endsAtMs: endsAtMs === null ? latest : Math.min(latest, endsAtMs),
        generation: 0,
        isPartial: false,
      };
    },
    write: async (session, cookies, jar) => {
      const fitted = await fitSession(session, settings.accessMode, named, (form) => sealer.seal('session', encodeSession(form)));
      if (fitted === null)
        throw new LoginFault(
          'sessionTooLarge',
          `The session of ${session.name} does not fit into cookies: ${session.groupsTotal} groups${session.clusterToken === null ? '' : ' and a token for the Kubernetes API'}.`,
          session.refreshToken === null
            ? 'Add offline_access to auth.openid.scopes (then a replica keeps the large part and renews it by itself), or have the provider send fewer groups.'
            : 'Have the provider send fewer groups or a shorter refresh token.',
        );
      memory.keep(session);
      return encodeChunks(fitted.text, cookies, jar, (idleEnd(session) - clock.now()) / 1000);
    },
    clear: clearChunks,
  };
}
