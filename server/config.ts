// The one configuration: file heddle.yaml and environment variables of the same names, checked by schema at start.
// In: the environment (read here and nowhere else) and the file. Out: Config, or ConfigError listing every fault at once.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import type { HealthRule } from '../model/health-rules';
import { Secret } from './secret';
import { SETTINGS } from './settings';

type Settings = typeof SETTINGS;
export type SettingName = keyof Settings;
/** Values by name. A setting that is unset and has no default is undefined. */
export type Config = { readonly [N in SettingName]: ConfigValue<N> };
type UnsetByDefault =
  | 'prometheus.url'
  | 'prometheus.bearerToken'
  | 'prometheus.bearerTokenFile'
  | 'prometheus.username'
  | 'prometheus.password'
  | 'prometheus.aws.region'
  | 'prometheus.aws.accessKeyId'
  | 'prometheus.aws.secretAccessKey'
  | 'prometheus.caFile'
  | 'prometheus.certFile'
  | 'prometheus.keyFile'
  | 'server.tlsCertFile'
  | 'server.tlsKeyFile'
  | 'auth.openid.issuer'
  | 'auth.openid.clientId'
  | 'auth.openid.clientSecret'
  | 'auth.openid.caFile'
  | 'auth.header.keys'
  | 'auth.header.issuer'
  | 'auth.header.audience'
  | 'dashboards.directory'
  | 'grafana.url'
  | 'kubernetes.kubeconfig'
  | 'kubernetes.context'
  | 'changes.namespace';
type ConfigValue<N extends SettingName> = v.InferOutput<Settings[N]['schema']> | (N extends UnsetByDefault ? undefined : never);

/** Name of the environment variable of a setting: `prometheus.bearerTokenFile` -> `HEDDLE_PROMETHEUS_BEARER_TOKEN_FILE`. */
export const environmentName = (name: string): string =>
  `HEDDLE_${name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;

/** Every fault of a configuration, one line each: name, what was given (never a secret), what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map((f) => `  - ${f}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Settings whose value is never repeated, not even in a fault. */
const SECRETS = new Set([
  'prometheus.bearerToken',
  'prometheus.password',
  'prometheus.headers',
  'prometheus.aws.secretAccessKey',
  'auth.sessionKeys',
  'auth.openid.clientSecret',
]);
/** Variables that are not settings: where the file is, and what the start script tells the server that it starts. */
const INTERNAL = new Set(['HEDDLE_CONFIG', 'HEDDLE_WORKER', 'HEDDLE_HOME']);
/** What Kubernetes puts into every pod of a namespace that has a Service called heddle (docs/concepts/services-networking/service, "Environment variables"). */
const SERVICE_LINK =
  /^HEDDLE_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;
/** Settings that name files; relative paths start where the process was started. */
const FILES = [
  'prometheus.bearerTokenFile',
  'prometheus.caFile',
  'prometheus.certFile',
  'prometheus.keyFile',
  'dashboards.directory',
  'kubernetes.kubeconfig',
  'server.tlsCertFile',
  'server.tlsKeyFile',
  'auth.openid.caFile',
];

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const names = Object.keys(SETTINGS);
const isSettingName = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);

/** The file's values by setting name; unknown names become faults with the nearest known name. */
function flatten(file: Record<string, unknown>, faults: string[]): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (node: Record<string, unknown>, prefix: string): void => {
    for (const [key, value] of Object.entries(node)) {
      const name = prefix + key;
      if (isSettingName(name)) found.set(name, value);
      else if (isRecord(value) && names.some((n) => n.startsWith(`${name}.`))) walk(value, `${name}.`);
      else
        faults.push(
          `${name} (in the file): no such setting; there are ${names.filter((n) => n.startsWith(prefix)).join(', ') || names.join(', ')}`,
        );
    }
  };
  walk(file, '');
  return found;
}

/**
 * The configuration from a file's text (null: no file) and an environment; relative paths start at `baseDir`.
 * @throws ConfigError with every fault, when there is any
 */
export function decodeConfig(fileText: string | null, environment: Readonly<Record<string, string | undefined>>, baseDir: string): Config {
  const faults: string[] = [];
  let inFile = new Map<string, unknown>();
  if (fileText !== null) {
    try {
      const parsed: unknown = parseYaml(fileText) ?? {};
      if (isRecord(parsed)) inFile = flatten(parsed, faults);
      else faults.push('the file: expected a map of settings');
    } catch (error) {
      faults.push(`the file is not YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable'}`);
    }
  }
  const known = new Set(names.map(environmentName));
  for (const name of Object.keys(environment))
    if (name.startsWith('HEDDLE_') && !INTERNAL.has(name) && !known.has(name) && !SERVICE_LINK.test(name))
      faults.push(`${name} (in the environment): no such setting`);
  const config: Record<string, unknown> = {};
  for (const [name, { schema, standard }] of Object.entries(SETTINGS)) {
    const variable = environmentName(name);
    const fromEnvironment = environment[variable];
    const given: unknown = fromEnvironment !== undefined && fromEnvironment !== '' ? fromEnvironment : inFile.get(name);
    if (given === undefined || given === null) {
      config[name] = standard;
      continue;
    }
    const parsed = v.safeParse(schema, given);
    if (parsed.success) config[name] = parsed.output;
    else {
      const isSecret = SECRETS.has(name);
      const shown = isSecret
        ? ''
        : ` is ${JSON.stringify(given)
            .replace(/\/\/[^/@"]*@/, '//[redacted]@')
            .slice(0, 120)},`;
      faults.push(`${name} (${variable})${shown} expected ${parsed.issues[0].message}`);
    }
  }
  if (config['prometheus.bearerToken'] !== undefined && config['prometheus.username'] !== undefined)
    faults.push('prometheus.bearerToken and prometheus.username are both set: expected one way to authenticate');
  if ((config['prometheus.aws.accessKeyId'] === undefined) !== (config['prometheus.aws.secretAccessKey'] === undefined))
    faults.push('prometheus.aws.accessKeyId and prometheus.aws.secretAccessKey: expected both or neither');
  if (config['prometheus.backend'] === 'amp' && config['prometheus.aws.region'] === undefined)
    faults.push('prometheus.aws.region (HEDDLE_PROMETHEUS_AWS_REGION) is not set, expected with prometheus.backend amp');
  if ((config['prometheus.certFile'] === undefined) !== (config['prometheus.keyFile'] === undefined))
    faults.push('prometheus.certFile and prometheus.keyFile: expected both or neither');
  if ((config['server.tlsCertFile'] === undefined) !== (config['server.tlsKeyFile'] === undefined))
    faults.push('server.tlsCertFile and server.tlsKeyFile: expected both or neither');
  faults.push(...authFaults(config));
  for (const name of FILES) {
    const path = config[name];
    if (typeof path !== 'string') continue;
    config[name] = resolve(baseDir, path);
    if (!existsSync(/* turbopackIgnore: true */ resolve(baseDir, path)))
      faults.push(`${name} (${environmentName(name)}) is ${JSON.stringify(path)}, expected a file that exists`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config as Config;
}

/** What the way to log in needs beside itself. */
function authFaults(config: Readonly<Record<string, unknown>>): readonly string[] {
  const faults: string[] = [];
  const strategy = config['auth.strategy'];
  const need = (name: SettingName): void => {
    if (config[name] === undefined)
      faults.push(`${name} (${environmentName(name)}) is not set, expected with auth.strategy ${String(strategy)}`);
  };
  if (strategy === 'openid') {
    need('auth.openid.issuer');
    need('auth.openid.clientId');
  }
  if (strategy === 'header') need('auth.header.keys');
  if (config['access.mode'] === 'userToken' && strategy !== 'openid' && strategy !== 'token')
    faults.push('access.mode is "userToken", expected auth.strategy openid or token with it');
  // Service accounts bear names that only Kubernetes gives (system:serviceaccount:…), which the console never impersonates.
  if (config['access.mode'] === 'impersonation' && strategy === 'token')
    faults.push(
      'access.mode is "impersonation", which pasted tokens cannot be used with: expected "userToken", which asks with the token itself, or "roles"',
    );
  const keys = config['auth.sessionKeys'];
  if (Array.isArray(keys) && keys.some((key) => key instanceof Secret && key.reveal().length < 32))
    faults.push('auth.sessionKeys (HEDDLE_AUTH_SESSION_KEYS): expected keys of 32 characters or more');
  return faults;
}

/** The health rules of a configuration in the model's words. */
export const healthRatesOf = (config: Config): readonly HealthRule[] =>
  config['health.rate'].map((rate) => ({
    namespace: rate.namespace,
    kind: rate.kind,
    name: rate.name,
    tolerances: rate.tolerance.map((t) => ({
      code: t.code,
      protocol: t.protocol,
      direction: t.direction,
      degradedPercent: t.degraded,
      failurePercent: t.failure,
    })),
  }));

// The comments in the calls keep the bundler from copying every file of the project beside the server: these paths are not known to it.
// A production build changes its working directory; the start script remembers where it was started.
const homeOf = (environment: NodeJS.ProcessEnv): string => environment['HEDDLE_HOME'] ?? process.cwd();

/** Reads the process's environment and the file it names (HEDDLE_CONFIG, else ./heddle.yaml when it is there). @throws ConfigError */
export function readConfig(): Config {
  const environment = process.env;
  const home = homeOf(environment);
  const named = environment['HEDDLE_CONFIG'];
  const path = resolve(home, named ?? 'heddle.yaml');
  if (named !== undefined && !existsSync(/* turbopackIgnore: true */ path))
    throw new ConfigError([`HEDDLE_CONFIG is ${JSON.stringify(named)}, expected a file that exists`]);
  return decodeConfig(
    existsSync(/* turbopackIgnore: true */ path) ? readFileSync(/* turbopackIgnore: true */ path, 'utf8') : null,
    environment,
    home,
  );
}

/** Path of the bundled engine worker, set by the start script of a production build; null: the engine runs in the server's own thread. */
export const readWorkerPath = (): string | null => process.env['HEDDLE_WORKER'] ?? null;

/** Path of the bundled drawing worker, beside that of the engine; null: this thread draws. */
export function readDrawingWorkerPath(): string | null {
  const engine = readWorkerPath();
  return engine === null ? null : join(dirname(engine), 'drawing-worker.mjs');
}

/** What EKS tells a pod of its role; null outside of it. */
export function readWebIdentity(): { readonly roleArn: string; readonly tokenFile: string } | null {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = process.env;
  return roleArn === undefined || tokenFile === undefined ? null : { roleArn, tokenFile };
}

/** The KUBECONFIG variable, as kubectl reads it. */
export const readKubeconfigList = (): string | undefined => process.env['KUBECONFIG'];

/**
 * Tells Next, which is about to start in this process, what its own start file would tell it (`builtConfig`: what the build wrote), and
 * ourselves where we came from.
 */
export function prepareServerEnvironment(config: Config, workerPath: string, builtConfig: string): void {
  Object.assign(process.env, {
    NODE_ENV: 'production',
    HEDDLE_HOME: homeOf(process.env),
    HEDDLE_WORKER: workerPath,
    PORT: String(config['server.port']),
    HOSTNAME: config['server.host'],
    __NEXT_PRIVATE_STANDALONE_CONFIG: builtConfig,
  });
}
