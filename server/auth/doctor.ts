// The login doctor: how a login went, in words that say what to change. Pure but for sealing. In: LoginRecord, settings. Out: DoctorDocument.
import * as v from 'valibot';
import { type DoctorDocument, type DoctorFinding, LOGIN_STRATEGIES, type LoginStrategy } from '../../model/account';
import { matchRole } from '../../model/role-rules';
import { CALLBACK_PATH } from './address-book';
import type { AuthSettings } from './auth-settings';
import { MAX_DOCTOR_BYTES } from './cookie';
import type { LoginFault } from './fault';
import type { Sealer } from './seal';
import type { Session, SessionNote, ShownClaim } from './session';

export const RECORD_LIFE_MS = 600_000;

/** A login as the doctor looks at it. */
export interface LoginRecord {
  readonly strategy: LoginStrategy;
  readonly atMs: number;
  readonly claims: readonly ShownClaim[];
  /** Null: nobody vouched for anybody. */
  readonly username: string | null;
  readonly subject: string | null;
  readonly groups: readonly string[];
  readonly redirectUri: string | null;
  readonly findings: readonly DoctorFinding[];
}

const STORED = v.object({
  k: v.picklist(LOGIN_STRATEGIES),
  a: v.number(),
  c: v.array(v.tuple([v.string(), v.nullable(v.string())])),
  u: v.nullable(v.string()),
  s: v.nullable(v.string()),
  g: v.array(v.string()),
  r: v.nullable(v.string()),
  f: v.array(v.tuple([v.picklist(['ok', 'warning', 'error']), v.string(), v.string(), v.nullable(v.string())])),
});

/** The record of a login that failed. */
export const recordOfFault = (fault: LoginFault, strategy: LoginStrategy, redirectUri: string | null, atMs: number): LoginRecord => ({
  strategy,
  atMs,
  claims: fault.identity?.claims ?? [],
  username: fault.identity?.username ?? null,
  subject: null,
  groups: fault.identity?.groups ?? [],
  redirectUri,
  findings: [fault.finding],
});

/** A record as a sealed cookie; what makes it too large is left out, the findings last. */
export async function sealRecord(record: LoginRecord, sealer: Sealer): Promise<string> {
  const forms: readonly LoginRecord[] = [
    record,
    { ...record, groups: record.groups.slice(0, 20) },
    { ...record, groups: record.groups.slice(0, 5), claims: record.claims.slice(0, 8) },
    { ...record, groups: [], claims: [] },
    { ...record, groups: [], claims: [], findings: record.findings.map((f) => ({ ...f, text: f.text.slice(0, 160) })).slice(0, 2) },
  ];
  let text = '';
  for (const form of forms) {
    const stored: v.InferInput<typeof STORED> = {
      k: form.strategy,
      a: form.atMs,
      c: form.claims.map(({ name, value }) => [name, value]),
      u: form.username,
      s: form.subject,
      g: [...form.groups],
      r: form.redirectUri,
      f: form.findings.map(({ severity, code, text: words, fix }) => [severity, code, words, fix]),
    };
    text = await sealer.seal('doctor', Buffer.from(JSON.stringify(stored), 'utf8'));
    if (text.length <= MAX_DOCTOR_BYTES) break;
  }
  return text;
}

/** The record in a cookie; null when there is none that is ours and fresh. */
export async function openRecord(text: string | null, sealer: Sealer, nowMs: number): Promise<LoginRecord | null> {
  const bytes = text === null ? null : await sealer.open('doctor', text);
  if (bytes === null) return null;
  const parsed = v.safeParse(STORED, JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (!parsed.success || parsed.output.a + RECORD_LIFE_MS <= nowMs) return null;
  const it = parsed.output;
  return {
    strategy: it.k,
    atMs: it.a,
    claims: it.c.map(([name, value]) => ({ name, value })),
    username: it.u,
    subject: it.s,
    groups: it.g,
    redirectUri: it.r,
    findings: it.f.map(([severity, code, words, fix]) => ({ severity, code, text: words, fix })),
  };
}

const warning = (code: string, text: string, fix: string): DoctorFinding => ({ severity: 'warning', code, text, fix });
const ok = (code: string, text: string): DoctorFinding => ({ severity: 'ok', code, text, fix: null });

function noteFinding(note: SessionNote, settings: DoctorSettings, total: number): DoctorFinding {
  switch (note) {
    case 'groupsTrimmed':
      return settings.accessMode === 'impersonation'
        ? warning(
            note,
            `Of ${total} groups not all fit into the session: RBAC is asked without the rest.`,
            'Add offline_access to auth.openid.scopes, or have the provider send fewer groups.',
          )
        : ok(note, `Of ${total} groups the session keeps those that access.roles names.`);
    case 'groupsOverage':
      return warning(
        note,
        'The user is in too many groups for the provider to list them in a token.',
        'Have it send only groups assigned to the application, or application roles, and name that claim in auth.groupsClaim.',
      );
    case 'keptInMemory':
      return ok(note, 'The session is too large for cookies: this replica keeps a part of it, another one renews the login to get it.');
    case 'refreshTokenDropped':
      return warning(
        note,
        'The refresh token is too long for a cookie: groups stay as they were until the session ends.',
        'Have the provider send a shorter one.',
      );
    case 'userinfoFailed':
      return warning(
        note,
        'Claims are missing in the ID token and the userinfo endpoint gave none.',
        'Have the provider put them into the ID token.',
      );
    case 'emailNotVerified':
      return warning(
        note,
        'The provider says that the e-mail address is not verified: the user is named by sub.',
        'Verify the address at the provider, or set auth.usernameClaim to another claim.',
      );
  }
}

export type DoctorSettings = Pick<AuthSettings, 'strategy' | 'usernameClaim' | 'groupsClaim' | 'accessMode' | 'roles' | 'publicUrls'>;

/** The record of whoever is logged in by a session. */
export function recordOfSession(session: Session, settings: DoctorSettings, atMs: number): LoginRecord {
  const findings: DoctorFinding[] = [ok('loggedIn', `${session.name} is logged in.`)];
  for (const note of session.notes) findings.push(noteFinding(note, settings, session.groupsTotal));
  if (session.strategy === 'openid') {
    if (session.refreshToken !== null) findings.push(ok('refreshToken', 'The login is renewed quietly.'));
    else if (settings.accessMode === 'userToken')
      findings.push(
        warning(
          'noRefreshToken',
          'The provider gave no refresh token: the session ends with its token.',
          'Add offline_access to auth.openid.scopes (Google: access_type=offline and prompt=consent in auth.openid.parameters).',
        ),
      );
    if (settings.publicUrls.length === 0)
      findings.push(
        warning('publicUrlsUnset', 'server.publicUrls is not set: logins come back to localhost.', 'Set it to what people type.'),
      );
  }
  return {
    strategy: session.strategy,
    atMs,
    claims: session.claims,
    username: session.name,
    subject: session.subject,
    groups: session.groups,
    redirectUri: session.redirectUri,
    findings: [...findings, ...groupFindings(session, settings, session.groupsTotal)],
  };
}

/** What the groups of a user come to. */
export function groupFindings(
  user: Pick<Session, 'name' | 'subject' | 'groups'>,
  settings: DoctorSettings,
  groupsTotal: number,
): readonly DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  if (groupsTotal === 0 && settings.strategy !== 'token')
    findings.push(
      warning(
        'noGroupsClaim',
        `No groups came in the claim ${settings.groupsClaim}.`,
        'Have the provider send the claim (a scope such as groups, or a mapper), or set auth.groupsClaim to its name.',
      ),
    );
  if (settings.accessMode !== 'roles') return findings;
  const matched = matchRoles(settings, user).filter(({ matchedBy }) => matchedBy.length > 0);
  if (matched.length > 0)
    findings.push(
      ok('roleMatches', `${matched.map(({ role, matchedBy }) => `${role} by ${matchedBy.slice(0, 3).join(', ')}`).join('; ')}.`),
    );
  else
    findings.push(
      warning(
        'noGroupMatches',
        `None of ${groupsTotal} groups and not the name ${user.name} is in access.roles: nothing is shown.`,
        'Ask for a row in access.roles with one of these groups; they are compared letter for letter.',
      ),
    );
  return findings;
}

const matchRoles = ({ roles }: DoctorSettings, user: Parameters<typeof matchRole>[1]): DoctorDocument['roles'] =>
  roles.map((rule) => ({ role: rule.role, namespaces: rule.namespaces, matchedBy: matchRole(rule, user) }));

/** The document. Rows of `access.roles` that do not concern the user are told to admins of every namespace only. */
export function buildDoctorDocument(record: LoginRecord, settings: DoctorSettings, publicUrls: readonly string[]): DoctorDocument {
  const user = { name: record.username ?? '', subject: record.subject ?? '', groups: record.groups };
  const all = record.username === null ? [] : matchRoles(settings, user);
  const matched = all.filter(({ matchedBy }) => matchedBy.length > 0);
  return {
    strategy: record.strategy,
    atMs: record.atMs,
    claims: record.claims,
    username: { claim: settings.usernameClaim, value: record.username },
    groups: { claim: settings.groupsClaim, values: record.groups },
    roles: matched.some(({ role, namespaces }) => role === 'admin' && namespaces.includes('*')) ? all : matched,
    redirectUri: {
      used: record.redirectUri,
      expected: settings.strategy === 'openid' ? publicUrls.map((url) => `${url}${CALLBACK_PATH}`) : [],
    },
    findings: record.findings,
  };
}
