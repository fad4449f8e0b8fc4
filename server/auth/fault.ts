// Why somebody did not get in: a closed list of codes, each with what to change. In: circumstances. Out: LoginFault.
import type { DoctorFinding } from '../../model/account';
import type { ShownClaim } from './session';

export const LOGIN_FAULTS = [
  'audienceMismatch',
  'clientRefused',
  'clockSkew',
  'codeRefused',
  'cookieLost',
  'domainNotAllowed',
  'headerMissing',
  'issuerMismatch',
  'nonceMismatch',
  'providerMalformed',
  'providerRefused',
  'providerUnreachable',
  'redirectUriMismatch',
  'sessionTooLarge',
  'signatureInvalid',
  'tokenExpired',
  'tokenRefused',
  'tooManyAttempts',
  'usernameMissing',
] as const;
export type LoginFaultCode = (typeof LOGIN_FAULTS)[number];

/** What is known of who tried, once the provider vouched for it. */
export interface KnownIdentity {
  readonly claims: readonly ShownClaim[];
  readonly username: string | null;
  readonly groups: readonly string[];
}

/** A login that failed: code, what was found, what to change. Never holds a token or a secret. */
export class LoginFault extends Error {
  override readonly name = 'LoginFault';
  readonly code: LoginFaultCode;
  readonly fix: string;
  readonly identity: KnownIdentity | null;
  constructor(code: LoginFaultCode, text: string, fix: string, identity: KnownIdentity | null = null) {
    super(text);
    this.code = code;
    this.fix = fix;
    this.identity = identity;
  }
  get finding(): DoctorFinding {
    return { severity: 'error', code: this.code, text: this.message, fix: this.fix };
  }
}
