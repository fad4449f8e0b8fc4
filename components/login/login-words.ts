// Why a login did not succeed, in words, when the doctor has nothing of its own to tell. In: the code of the address. Out: title and text. Pure.

export interface FailureWords {
  readonly title: string;
  readonly text: string;
}

const GENERAL: FailureWords = {
  title: 'The login did not succeed',
  text: 'Try again; if it stays, the log of Heddle says what was refused, under the code below.',
};

/** What a reader can do; whoever runs the console finds the rest in the findings and the log. */
const WORDS: Readonly<Record<string, FailureWords>> = {
  redirectUriMismatch: {
    title: 'The provider does not know this address',
    text: 'The address of this console must be registered at the provider as a redirect URI, letter by letter.',
  },
  providerRefused: { title: 'The provider refused the login', text: 'Its words are in the findings, if it gave any.' },
  providerUnreachable: {
    title: 'The provider cannot be reached from the console',
    text: 'Try again in a moment; if it stays, check the network between Heddle and the provider, and auth.openid.issuer.',
  },
  cookieLost: {
    title: 'The login cannot be matched to this browser',
    text: 'It took too long, began in another browser or under another address of the console, or the browser blocks cookies.',
  },
  domainNotAllowed: {
    title: 'Accounts of this domain may not log in here',
    text: 'Log in with another account, or ask for the domain to be added to auth.openid.allowedDomains.',
  },
  clockSkew: {
    title: 'The clocks of the provider and the console differ',
    text: 'Correct the clock of the machine that runs Heddle.',
  },
  tokenExpired: { title: 'The login had expired when it arrived', text: 'Try again.' },
  tokenRefused: { title: 'The token was not accepted', text: 'It may be of another cluster, or withdrawn. Try again with a fresh one.' },
  codeRefused: { title: 'The provider did not accept its own answer', text: 'It can be used once and only for a moment. Try again.' },
  nonceMismatch: { title: 'The answer belongs to another login', text: 'Close other tabs that log in, and try again.' },
  clientRefused: {
    title: 'The provider refused the console',
    text: 'Check auth.openid.clientId and auth.openid.clientSecret against what the provider has.',
  },
  issuerMismatch: { title: 'Another issuer answered than the configured one', text: 'Check auth.openid.issuer, letter by letter.' },
  audienceMismatch: { title: 'The login was made for another application', text: 'Check auth.openid.clientId or auth.header.audience.' },
  providerMalformed: {
    title: 'The provider answered something that is not OpenID',
    text: 'Check auth.openid.issuer, and whether a proxy answers in its place.',
  },
  signatureInvalid: {
    title: 'The signature of the login is not valid',
    text: 'Check that auth.openid.issuer or auth.header.keys names the right keys.',
  },
  headerMissing: { title: 'The proxy sent no login', text: 'Check auth.header.name and the rule of the proxy for this path.' },
  usernameMissing: { title: 'The login names no user', text: 'Check auth.usernameClaim and the scopes that are asked for.' },
  sessionTooLarge: {
    title: 'The login is too large for a cookie',
    text: 'Let the provider send fewer groups: those that access.roles names.',
  },
  tooManyAttempts: { title: 'Too many logins from your address', text: 'Wait a minute, then try again.' },
};

/** The code of an address is anybody's text: one that is not even a code is not repeated. */
export const decodeFailureCode = (text: string): string | null => (/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(text) ? text : null);

export const wordFailure = (code: string | null): FailureWords =>
  code !== null && Object.hasOwn(WORDS, code) ? (WORDS[code] ?? GENERAL) : GENERAL;

/** What was pasted, as a token: without the line breaks of a terminal and the word that stands before it in a header. */
export const decodePastedToken = (text: string): string => text.replace(/^\s*bearer\s+/i, '').replace(/\s+/g, '');
