// Glewlwyd, an OpenID provider that nobody here wrote (Debian's package), set up by its own administration API in a directory of its own.
// In: the console's addresses, people, how long tokens live. Out: issuer and client secret. Null where it is not installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from './answers';
import { findFreePort } from './child';

const PROGRAM = '/usr/bin/glewlwyd';
/** Debian's form of the database that upstream ships as documentation, which slim images leave out. */
const SCHEMA = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const PAGES = '/usr/share/glewlwyd/webapp';
const STARTS_WITHIN_MS = 20_000;
const POLL_MS = 20;
/** Of the one user in the shipped database. */
const FIRST_ADMIN = { username: 'admin', password: 'password' };

export const CLIENT_ID = 'heddle';

export interface GlewlwydPerson {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

export interface GlewlwydOptions {
  /** Address of the console with its base path. */
  readonly consoleUrl: string;
  readonly people: readonly GlewlwydPerson[];
  readonly accessTokenSeconds: number;
}

export interface RunningGlewlwyd {
  readonly issuer: string;
  readonly clientSecret: string;
  /** What it wrote. */
  readonly output: () => string;
  close(): Promise<void>;
}

export const hasGlewlwyd = (): boolean => existsSync(PROGRAM) && existsSync(SCHEMA);

const settings = (directory: string, port: number): string => `
port = ${port}
bind_address = "127.0.0.1"
external_url = "http://127.0.0.1:${port}"
login_url = "login.html"
api_prefix = "api"
static_files_path = "${directory}/webapp"
log_mode = "console"
log_level = "WARNING"
cookie_domain = "127.0.0.1"
cookie_secure = 0
session_expiration = 86400
session_key = "GLEWLWYD2_SESSION_ID"
user_module_path = "/usr/lib/glewlwyd/user"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = { type = "sqlite3"; path = "${directory}/glewlwyd.db"; };
static_files_mime_types = (
  { extension = ".html"; mime_type = "text/html"; compress = 0; },
  { extension = ".css"; mime_type = "text/css"; compress = 0; },
  { extension = ".js"; mime_type = "application/javascript"; compress = 0; },
  { extension = ".json"; mime_type = "application/json"; compress = 0; }
)
`;

/** The administration API, as the person who logged in. */
class Administration {
  readonly #base: string;
  #cookie = '';
  constructor(base: string) {
    this.#base = base;
  }
  async ask(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`glewlwyd answers ${answer.status} to ${method} ${path}: ${text}`);
    const [cookie] = answer.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
    return text;
  }
}

async function setUp(origin: string, clientSecret: string, { consoleUrl, people, accessTokenSeconds }: GlewlwydOptions): Promise<string> {
  const admin = new Administration(`${origin}/api`);
  await admin.ask('POST', '/auth', FIRST_ADMIN);
  await admin.ask('PUT', '/user/admin', { name: 'Administrator', password: randomBytes(16).toString('hex'), scope: ['g_admin'] });
  // What users and clients may have beside what the shipped database says.
  for (const [kind, list] of [
    ['user', 'groups'],
    ['client', 'post_logout_redirect_uris'],
  ] as const) {
    const shipped: unknown = JSON.parse(await admin.ask('GET', `/mod/${kind}/database`));
    const parameters = isRecord(shipped) && isRecord(shipped['parameters']) ? shipped['parameters'] : {};
    const format = {
      ...(isRecord(parameters['data-format']) ? parameters['data-format'] : {}),
      [list]: { multiple: true, read: true, write: true },
    };
    await admin.ask('PUT', `/mod/${kind}/database`, {
      ...(isRecord(shipped) ? shipped : {}),
      parameters: { ...parameters, 'data-format': format },
    });
    await admin.ask('PUT', `/mod/${kind}/database/reset`);
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = `${origin}/api/oidc`;
  await admin.ask('POST', '/mod/plugin/', {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    enabled: true,
    parameters: {
      iss: issuer,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: publicKey.export({ type: 'spki', format: 'pem' }),
      'jwks-show': true,
      'subject-type': 'public',
      'code-duration': 60,
      'access-token-duration': accessTokenSeconds,
      'refresh-token-duration': 3600,
      'refresh-token-one-use': 'always',
      'auth-type-code-enabled': true,
      'auth-type-code-revoke-replayed': true,
      'auth-type-refresh-enabled': true,
      'pkce-allowed': true,
      'pkce-required': true,
      'oauth-as-iss-id': true,
      'introspection-revocation-allowed': true,
      'introspection-revocation-allow-target-client': true,
      'session-management-allowed': true,
      'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
      'session-cookie-expiration': 86400,
      'back-channel-logout-allowed': true,
      'front-channel-logout-allowed': true,
      'name-claim': 'mandatory',
      'email-claim': 'mandatory',
      claims: [{ name: 'groups', 'user-property': 'groups', type: 'string', mandatory: true, scope: [] }],
    },
  });
  await admin.ask('POST', '/client/', {
    client_id: CLIENT_ID,
    name: 'Heddle',
    enabled: true,
    confidential: true,
    client_secret: clientSecret,
    redirect_uri: [`${consoleUrl}/api/auth/callback`],
    authorization_type: ['code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
    post_logout_redirect_uris: [`${consoleUrl}/login`],
    backchannel_logout_uri: `${consoleUrl}/api/auth/backchannel-logout`,
  });
  for (const person of people) await admin.ask('POST', '/user/', { ...person, enabled: true, scope: ['openid', 'g_profile'] });
  return issuer;
}

async function waitFor(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`glewlwyd did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Starts and configures it. @throws Error with its own words */
export async function startGlewlwyd(options: GlewlwydOptions): Promise<RunningGlewlwyd> {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-glewlwyd-'));
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const loaded = spawnSync('sqlite3', [join(directory, 'glewlwyd.db')], { input: readFileSync(SCHEMA), encoding: 'utf8' });
  if (loaded.status !== 0) throw new Error(`the database of glewlwyd cannot be made: ${loaded.stderr}`);
  // Debian's pages point at its JavaScript packages by links, which glewlwyd does not follow.
  const pages = join(directory, 'webapp');
  cpSync(PAGES, pages, { recursive: true, dereference: true });
  // Its config.json leads to a directory that has the file (Debian 12).
  const config = join(pages, 'config.json');
  if (statSync(config).isDirectory()) {
    const text = readFileSync(join(config, 'config.json'));
    rmSync(config, { recursive: true });
    writeFileSync(config, text);
  }
  writeFileSync(join(directory, 'glewlwyd.conf'), settings(directory, port));
  const child = spawn(PROGRAM, [`--config-file=${join(directory, 'glewlwyd.conf')}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const output = (): string => said;
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const close = async (): Promise<void> => {
    process.off('exit', onExit);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitFor(child, `${origin}/config`, output);
    const clientSecret = randomBytes(24).toString('hex');
    const issuer = await setUp(origin, clientSecret, options);
    return { issuer, clientSecret, output, close };
  } catch (error) {
    await close();
    throw error;
  }
}
