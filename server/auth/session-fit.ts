// Makes a session fit into cookies: what is dropped first, what stays, what a replica keeps in memory instead. In: Session, a way to seal.
// Out: the sealed text with the session that is in it, or null when even the least does not fit.
// Order: by how little is missed. Claims are for the doctor; in roles mode only groups of `access.roles` decide anything, but RBAC (by the
// user's token or by impersonation) may name any group, so there all of them count; whatever a refresh brings back may stay in memory.
import type { AccessMode } from './auth-settings';
import { MAX_SESSION_BYTES } from './cookie';
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

/** Ever smaller forms of a session, the whole one first. */
function* formsOf(session: Session, mode: AccessMode, named: ReadonlySet<string>): Generator<Session> {
  yield session;
  const bare = withoutClaims(session);
  yield bare;
  // Only a refresh brings back what memory loses; without a refresh token nothing may depend on one replica.
  const canReturn = session.refreshToken !== null;
  switch (mode) {
    case 'roles': {
      const least = withNamedGroups(bare, named);
      yield withNamedGroups(session, named);
      yield least;
      yield withoutRefresh(least);
      return;
    }
    case 'userToken': {
      // Groups are in the token, which the API server reads by itself.
      const least = withNamedGroups(bare, named);
      yield least;
      if (!canReturn) return;
      yield inMemory(bare, { clusterToken: null });
      yield inMemory(least, { clusterToken: null });
      return;
    }
    case 'impersonation':
      if (canReturn) yield inMemory(bare, { groups: [] });
      else {
        yield withNamedGroups(bare, named);
        yield { ...withNote(bare, 'groupsTrimmed'), groups: [] };
      }
      return;
  }
}

/** The largest form of the session whose sealed text has at most MAX_SESSION_BYTES; null when there is none. */
export async function fitSession(
  session: Session,
  mode: AccessMode,
  namedGroups: ReadonlySet<string>,
  seal: (session: Session) => Promise<string>,
): Promise<FittedSession | null> {
  for (const stored of formsOf(session, mode, namedGroups)) {
    const text = await seal(stored);
    if (text.length <= MAX_SESSION_BYTES) return { text, stored };
  }
  return null;
}
