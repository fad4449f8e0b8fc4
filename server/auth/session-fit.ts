// Makes a session fit into cookies: what is dropped first, what stays, what a replica keeps in memory instead. In: Session, a way to seal.
// Out: the sealed text with the session that is in it, or null when even the least does not fit.
// Order: by how little is missed. Claims are for the doctor; in roles mode only groups of `access.roles` decide anything, but RBAC (by the
// user's token or by impersonation) may name any group, so there all of them count; whatever a refresh brings back may stay in memory.
// What costs nobody a right is dropped earlier, so that most sessions pass a proxy that nobody configured.
import type { AccessMode } from './auth-settings';
import { EASY_SESSION_BYTES, MAX_SESSION_BYTES } from './cookie';
import type { Session, SessionNote } from './session';

export interface FittedSession {
  readonly text: string;
  /** The session as the text holds it. */
  readonly stored: Session;
}

const withNote = (session: Session, note: SessionNote): Session =>
  session.notes.includes(note) ? session : { ...session, notes: [...session.notes, note] };

const TELLING = new Set(['iss', 'sub', 'aud']);
const withoutClaims = (session: Session): Session => ({ ...session, claims: session.claims.filter(({ name }) => TELLING.has(name)) });

/** Only groups that the configuration names. */
const withNamedGroups = (session: Session, named: ReadonlySet<string>): Session => {
  const groups = session.groups.filter((group) => named.has(group));
  return groups.length === session.groups.length ? session : withNote({ ...session, groups }, 'groupsTrimmed');
};
const inMemory = (session: Session, part: Partial<Pick<Session, 'groups' | 'clusterToken'>>): Session => ({
  ...withNote(session, 'keptInMemory'),
  ...part,
  isPartial: true,
});
const withoutRefresh = (session: Session): Session => withNote({ ...session, refreshToken: null }, 'refreshTokenDropped');

/** Ever smaller forms of a session, the whole one first, as far as nobody can do less by them and no replica has to keep anything. */
function equalForms(session: Session, mode: AccessMode, named: ReadonlySet<string>): readonly Session[] {
  const bare = withoutClaims(session);
  switch (mode) {
    case 'roles':
      return [session, bare, withNamedGroups(session, named), withNamedGroups(bare, named)];
    case 'userToken':
      // Groups are in the token, which the API server reads by itself.
      return [session, bare, withNamedGroups(bare, named)];
    case 'impersonation':
      return [session, bare];
  }
}

/** Forms that are smaller still, and cost something: the refresh, or that a replica remembers. */
function* lesserForms(session: Session, mode: AccessMode, named: ReadonlySet<string>): Generator<Session> {
  const bare = withoutClaims(session);
  // Only a refresh brings back what memory loses; without a refresh token nothing may depend on one replica.
  const canReturn = session.refreshToken !== null;
  switch (mode) {
    case 'roles':
      yield withoutRefresh(withNamedGroups(bare, named));
      return;
    case 'userToken':
      if (!canReturn) return;
      yield inMemory(bare, { clusterToken: null });
      yield inMemory(withNamedGroups(bare, named), { clusterToken: null });
      return;
    case 'impersonation':
      if (canReturn) yield inMemory(bare, { groups: [] });
      else {
        yield withNamedGroups(bare, named);
        yield { ...withNote(bare, 'groupsTrimmed'), groups: [] };
      }
      return;
  }
}

/** The largest form of the session whose sealed text is short enough; null when there is none. */
export async function fitSession(
  session: Session,
  mode: AccessMode,
  namedGroups: ReadonlySet<string>,
  seal: (session: Session) => Promise<string>,
): Promise<FittedSession | null> {
  const large: FittedSession[] = [];
  for (const stored of equalForms(session, mode, namedGroups)) {
    const text = await seal(stored);
    if (text.length <= EASY_SESSION_BYTES) return { text, stored };
    if (text.length <= MAX_SESSION_BYTES) large.push({ text, stored });
  }
  const [largest] = large;
  if (largest !== undefined) return largest;
  for (const stored of lesserForms(session, mode, namedGroups)) {
    const text = await seal(stored);
    if (text.length <= MAX_SESSION_BYTES) return { text, stored };
  }
  return null;
}
