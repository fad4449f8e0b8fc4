// The desk that the configuration asks for, and everything that the console tells of access: documents, denials, metrics.
// In: settings, reviews, namespaces, clock, log. Out: ConsoleAccess.
import type { AccessDocument, Sight } from '../../model/account';
import { Failure } from '../../model/failure';
import type { Logger } from '../log';
import { isAborted, pause } from '../pause';
import type { Access, AccessDesk, Caller, Clock, ReviewPort } from '../ports';
import { buildAccessDocument, decodeNamespace, type Petitioner } from './access-document';
import type { AccessSettings } from './access-settings';
import { Denials, type DeniedAction } from './denials';
import { Gate } from './gate';
import { RbacDesk } from './rbac-desk';
import { Reviews } from './reviews';
import { accessByRole, accessByRoles } from './roles';

export interface ConsoleAccess extends AccessDesk {
  /**
   * GET /api/access: what somebody may do in a namespace and what to ask for; a namespace that he does not see is noted as a denial.
   * @throws Failure badRequest, or those of accessOf
   */
  describe(caller: Caller, namespace: string | null, signal: AbortSignal): Promise<AccessDocument>;
  /** Notes namespaces that somebody named without seeing them. */
  noteHidden(caller: Caller, access: Access, namespaces: readonly string[], action?: 'graph' | 'steering' | 'logs'): void;
  /** Lets only administrators of the mesh pass. @throws Failure forbidden */
  requireAdmin(caller: Caller, access: Access): void;
  /**
   * Calls back once when somebody no longer sees what he saw, or when it is time that he shows again who he is; returns what calls that off.
   * Streams end by it: whoever may go on comes back by himself and is sent what he missed.
   */
  watchSight(caller: Caller, access: Access, onEnd: () => void): () => void;
  /** Prometheus' text format 0.0.4. */
  encodeMetrics(): string;
}

export interface ConsoleAccessOptions {
  readonly settings: AccessSettings;
  readonly reviews: ReviewPort;
  /** All namespaces of the cluster; null while they are not known. */
  readonly fetchNamespaces: () => Promise<readonly string[] | null>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Reviews under way at once, for all users together: the API server serves others too. */
const CONCURRENCY = 32;
/** How often an open stream asks whether its reader still sees the same, and how long it lasts: groups and tokens come with requests only. */
const WATCH_MS = 60_000;
const STREAM_MS = 600_000;

export function createAccessDesk({ settings, reviews: port, fetchNamespaces, clock, log }: ConsoleAccessOptions): ConsoleAccess {
  const { mode, roles } = settings;
  const reviews = new Reviews(port, clock);
  const denials = new Denials(log, clock);
  const anonymous = accessByRole(settings.anonymousRole);
  const rbac =
    mode === 'roles'
      ? null
      : new RbacDesk({
          reviews,
          fetchNamespaces,
          clock,
          gate: new Gate(CONCURRENCY),
          kind: mode === 'userToken' ? 'token' : 'impersonate',
        });
  // Who is "anonymous" where somebody must log in was not let in by the login desk.
  const isEverybody = (caller: Caller): boolean => settings.strategy === 'anonymous' && caller.user.strategy === 'anonymous';
  const note = (action: DeniedAction, caller: Caller, namespaces: readonly string[]): void => denials.note(action, caller, namespaces);

  async function accessOf(caller: Caller, signal: AbortSignal): Promise<Access> {
    if (isEverybody(caller)) return anonymous;
    return rbac === null ? accessByRoles(roles, caller.user) : rbac.accessOf(caller, signal);
  }

  async function petitionerOf(caller: Caller, signal: AbortSignal): Promise<Petitioner> {
    if (isEverybody(caller)) return { kind: 'everybody' };
    if (rbac === null) return { kind: 'configuration', name: caller.user.name };
    if (caller.credential.kind === 'impersonate') return { kind: 'kubernetes', name: caller.credential.user };
    // A token's owner may have another name there (a prefix, for one): the API server knows it.
    const name = await reviews.fetchName(caller.credential, signal).catch(() => null);
    return { kind: 'kubernetes', name: name ?? caller.user.name };
  }

  return {
    accessOf,
    forget: (subject) => rbac?.forget(subject),
    describe: async (caller, text, signal) => {
      const namespace = decodeNamespace(text);
      const access = rbac === null || isEverybody(caller) ? await accessOf(caller, signal) : await rbac.accessIn(caller, namespace, signal);
      const document = buildAccessDocument(namespace, access, await petitionerOf(caller, signal));
      if (!document.sees) note('access', caller, [namespace]);
      return document;
    },
    noteHidden: (caller, { sight }, namespaces, action = 'graph') => {
      if (sight === null) return;
      const hidden = namespaces.filter((name) => !sight.includes(name));
      if (hidden.length > 0) note(action, caller, hidden);
    },
    requireAdmin: (caller, access) => {
      if (access.isAdmin) return;
      note('admin', caller, []);
      throw new Failure(
        'forbidden',
        'this is for administrators of the mesh',
        'Ask one of them, or for the role admin in all namespaces (/account shows what you have).',
      );
    },
    watchSight: (caller, access, onEnd) => {
      if (isEverybody(caller)) return () => undefined;
      const stop = new AbortController();
      const end = (): void => {
        if (stop.signal.aborted) return;
        stop.abort(new Error('the stream has ended'));
        onEnd();
      };
      const cancelEnd = clock.after(STREAM_MS, end);
      const watch = async (): Promise<void> => {
        while (!isAborted(stop.signal)) {
          await pause(clock, WATCH_MS, stop.signal);
          if (isAborted(stop.signal)) return;
          const now = await accessOf(caller, stop.signal);
          if (!isSameSight(now.sight, access.sight)) end();
        }
      };
      watch().catch(end);
      return () => {
        cancelEnd();
        stop.abort(new Error('the stream has ended'));
      };
    },
    encodeMetrics: () =>
      [
        '# HELP heddle_access_denials_total Questions refused because the user may not see or do what they are about.',
        '# TYPE heddle_access_denials_total counter',
        ...denials.counts().map(([action, count]) => `heddle_access_denials_total{action="${action}"} ${count}`),
        ...(rbac === null ? [] : encodeRbac(rbac, reviews)),
        '',
      ].join('\n'),
  };
}

const isSameSight = (a: Sight, b: Sight): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((name, i) => name === b[i]));

function encodeRbac(rbac: RbacDesk, { stats }: Reviews): readonly string[] {
  return [
    '# HELP heddle_access_reviews_total Reviews sent to the Kubernetes API.',
    '# TYPE heddle_access_reviews_total counter',
    `heddle_access_reviews_total ${stats.sent}`,
    '# HELP heddle_access_reviews_failed_total Reviews that brought no answer.',
    '# TYPE heddle_access_reviews_failed_total counter',
    `heddle_access_reviews_failed_total ${stats.failed}`,
    '# HELP heddle_access_resolve_seconds Time to find out everything that a user may see and do.',
    '# TYPE heddle_access_resolve_seconds summary',
    `heddle_access_resolve_seconds_sum ${rbac.resolvedMs / 1000}`,
    `heddle_access_resolve_seconds_count ${rbac.resolved}`,
    '# HELP heddle_access_resolves_failed_total Times that it could not be found out.',
    '# TYPE heddle_access_resolves_failed_total counter',
    `heddle_access_resolves_failed_total ${rbac.failed}`,
    '# HELP heddle_access_users Users of whom it is kept.',
    '# TYPE heddle_access_users gauge',
    `heddle_access_users ${rbac.size}`,
  ];
}
