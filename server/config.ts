// The one configuration: file heddle.yaml and environment variables of the same names, checked by schema at start.
// In: the environment (read here and nowhere else) and the file. Out: Config, or ConfigError listing every fault at once.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import type { HealthRule } from '../model/health-rules';
import { LOG_LEVELS } from './log';
import { Secret } from './secret';

// Environment variables arrive as text, the file as YAML values: both must fit the same schema.
const text = (expected: string) => v.pipe(v.string(expected), v.trim(), v.minLength(1, expected));
const wholeNumber = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d+$/), v.transform(Number))], expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );
};
const yesNo = v.union(
  [
    v.boolean(),
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((x) => x === 'true'),
    ),
  ],
  'true or false',
);
const httpUrl = (expected: string) =>
  v.pipe(
    text(expected),
    v.check((x) => {
      try {
        const url = new URL(x);
        return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
      } catch {
        return false;
      }
    }, expected),
  );
const secret = v.pipe(
  text('text'),
  v.transform((x) => new Secret(x)),
);
const json = <T extends v.GenericSchema>(schema: T, expected: string) =>
  v.union(
    [
      schema,
      v.pipe(
        v.string(),
        v.transform((x): unknown => {
          try {
            return JSON.parse(x);
          } catch {
            return undefined;
          }
        }),
        schema,
      ),
    ],
    expected,
  );
const words = v.record(v.string(), v.string());
const secretWords = v.record(v.string(), secret);
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const tolerance = v.object({
  code: v.string(),
  protocol: v.optional(v.string(), 'http'),
  direction: v.optional(v.string(), '.*'),
  degraded: v.optional(percent, 0),
  failure: v.optional(percent, 0),
});
const healthRates = v.array(
  v.object({
    namespace: v.optional(v.string(), '.*'),
    kind: v.optional(v.string(), '.*'),
    name: v.optional(v.string(), '.*'),
    tolerance: v.array(tolerance),
  }),
);

/** One setting: its name in the file (dots are nesting), its schema, its default (undefined = unset) and what it is for. */
interface Setting<T extends v.GenericSchema> {
  readonly schema: T;
  readonly standard: unknown;
  readonly about: string;
}
const setting = <T extends v.GenericSchema>(schema: T, standard: unknown, about: string): Setting<T> => ({ schema, standard, about });

/** Every setting by name. README's table is this one; a test holds them equal. */
export const SETTINGS = {
  'server.host': setting(text('an address to listen on'), '127.0.0.1', 'Address to listen on; `0.0.0.0` in a container.'),
  'server.port': setting(wholeNumber(1, 65535), 8080, 'Port to listen on.'),
  'prometheus.url': setting(
    httpUrl('an http:// or https:// address without credentials in it'),
    'http://localhost:9090',
    'Address of the Prometheus API (anything compatible), with its path prefix.',
  ),
  'prometheus.timeoutSeconds': setting(wholeNumber(1, 300), 30, 'Deadline of one query.'),
  'prometheus.concurrency': setting(wholeNumber(1, 32), 4, 'Queries under way at once.'),
  'prometheus.maxResponseMb': setting(wholeNumber(1, 2048), 256, 'Largest answer accepted, decompressed.'),
  'prometheus.bearerToken': setting(secret, undefined, 'Token sent as `Authorization: Bearer`.'),
  'prometheus.bearerTokenFile': setting(text('a path'), undefined, 'File that holds the token; read again when it changes.'),
  'prometheus.username': setting(text('text'), undefined, 'User of basic authentication.'),
  'prometheus.password': setting(secret, undefined, 'Password of basic authentication.'),
  'prometheus.headers': setting(
    json(secretWords, 'a map of header names to values (JSON in the environment)'),
    {},
    'Headers sent with each query, such as `X-Scope-OrgID`.',
  ),
  'prometheus.queryScope': setting(
    json(words, 'a map of label names to values (JSON in the environment)'),
    {},
    'Labels that every selector must carry, such as `cluster: east`.',
  ),
  'prometheus.caFile': setting(text('a path'), undefined, 'CA certificates (PEM) to trust for Prometheus.'),
  'prometheus.certFile': setting(text('a path'), undefined, 'Client certificate (PEM).'),
  'prometheus.keyFile': setting(text('a path'), undefined, 'Key of the client certificate (PEM).'),
  'prometheus.insecureSkipVerify': setting(yesNo, false, 'Accept any certificate of Prometheus. For tests only.'),
  'kubernetes.kubeconfig': setting(
    text('a path'),
    undefined,
    'Kubeconfig file. Unset: `KUBECONFIG`, then `~/.kube/config`, then the pod’s service account.',
  ),
  'kubernetes.context': setting(text('the name of a context'), undefined, 'Context of the kubeconfig; unset: its current one.'),
  'kubernetes.clusterName': setting(
    text('a name'),
    'Kubernetes',
    'Name of the cluster, as the metrics label it (`source_cluster`, `destination_cluster`).',
  ),
  'mesh.rootNamespace': setting(
    text('a namespace'),
    'istio-system',
    'Root namespace of the mesh, where istiod and its ConfigMap `istio` are.',
  ),
  'graph.refreshSeconds': setting(wholeNumber(5, 900), 15, 'Interval at which watched windows are read again.'),
  'health.rate': setting(
    json(healthRates, 'a list as Kiali’s health_config.rate (JSON in the environment)'),
    [],
    'Health tolerances before the defaults, as Kiali’s `health_config.rate`.',
  ),
  'log.level': setting(v.picklist(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`), 'info', 'Least level that is logged.'),
  'log.format': setting(v.picklist(['json', 'text'], 'json or text'), 'json', '`json` (one object a line) or `text`.'),
} as const;

type Settings = typeof SETTINGS;
export type SettingName = keyof Settings;
/** Values by name. A setting that is unset and has no default is undefined. */
export type Config = { readonly [N in SettingName]: ConfigValue<N> };
type UnsetByDefault =
  | 'prometheus.bearerToken'
  | 'prometheus.bearerTokenFile'
  | 'prometheus.username'
  | 'prometheus.password'
  | 'prometheus.caFile'
  | 'prometheus.certFile'
  | 'prometheus.keyFile'
  | 'kubernetes.kubeconfig'
  | 'kubernetes.context';
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
const SECRETS = new Set(['prometheus.bearerToken', 'prometheus.password', 'prometheus.headers']);
/** Variables that are not settings: where the file is, and what the start script tells the server that it starts. */
const INTERNAL = new Set(['HEDDLE_CONFIG', 'HEDDLE_WORKER', 'HEDDLE_HOME']);
/** Settings that name files; relative paths start where the process was started. */
const FILES = ['prometheus.bearerTokenFile', 'prometheus.caFile', 'prometheus.certFile', 'prometheus.keyFile', 'kubernetes.kubeconfig'];

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
    if (name.startsWith('HEDDLE_') && !INTERNAL.has(name) && !known.has(name)) faults.push(`${name} (in the environment): no such setting`);
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
  if ((config['prometheus.certFile'] === undefined) !== (config['prometheus.keyFile'] === undefined))
    faults.push('prometheus.certFile and prometheus.keyFile: expected both or neither');
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

/** The KUBECONFIG variable, as kubectl reads it. */
export const readKubeconfigList = (): string | undefined => process.env['KUBECONFIG'];

/** Tells the Next server that this process is about to start where to listen, and ourselves where we came from. */
export function prepareServerEnvironment(config: Config, workerPath: string): void {
  process.env['HEDDLE_HOME'] = homeOf(process.env);
  process.env['HEDDLE_WORKER'] = workerPath;
  process.env['PORT'] = String(config['server.port']);
  process.env['HOSTNAME'] = config['server.host'];
  // Idle keep-alive connections must not hold a stopping server.
  process.env['KEEP_ALIVE_TIMEOUT'] ??= '5000';
}
