// From an identity to a Caller: in whose name the Kubernetes API is asked. Pure. In: user, settings. Out: Caller, Identified.
import type { User } from '../../model/account';
import { Failure } from '../../model/failure';
import type { Caller, ClusterCredential } from '../ports';
import type { Secret } from '../secret';
import type { AccessMode } from './auth-settings';
import type { Identified } from './desk';
import type { LoginFault } from './fault';
import type { Session } from './session';

/**
 * Groups and names that only the API server itself may give: who comes by an identity provider must not become `system:masters`, which no
 * RBAC rule holds back, because of a group's name there.
 */
const isReserved = (name: string): boolean => name.startsWith('system:');

/** @throws Failure forbidden for a name that only Kubernetes gives */
export function credentialOf(user: User, mode: AccessMode, token: Secret | null): ClusterCredential {
  switch (mode) {
    case 'roles':
      return { kind: 'console' };
    case 'userToken':
      if (token === null) throw new Failure('unauthenticated', 'the session has no token for the Kubernetes API', 'Log in again.');
      return { kind: 'token', token };
    case 'impersonation': {
      if (isReserved(user.name))
        throw new Failure(
          'forbidden',
          'the provider names the user as only Kubernetes names its own (system:)',
          'Set auth.usernameClaim to another claim.',
        );
      return { kind: 'impersonate', user: user.name, groups: user.groups.filter((group) => !isReserved(group)) };
    }
  }
}

export const userOfSession = (session: Session): User => ({
  strategy: session.strategy,
  subject: session.subject,
  name: session.name,
  groups: session.groups,
});

/** A session's caller. @throws Failure as credentialOf */
export function callerOfSession(session: Session, mode: AccessMode, address: string): Caller {
  const user = userOfSession(session);
  return { user, credential: credentialOf(user, mode, session.clusterToken), address, sessionId: session.id };
}

/** Nobody, with the reason. */
export const unauthenticated = (detail: string, setCookies: readonly string[] = [], next = 'Log in.'): Identified => ({
  kind: 'unauthenticated',
  failure: new Failure('unauthenticated', detail, next),
  setCookies,
});
export const refusedBy = (fault: LoginFault, setCookies: readonly string[] = []): Identified =>
  unauthenticated(fault.message, setCookies, fault.fix);
