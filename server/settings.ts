// Every setting by name: what it accepts, its default and what it is for. In: nothing. Out: SETTINGS, which README's table repeats.
import * as v from 'valibot';
import { BACKENDS } from '../model/metrics-backend';
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

const list = <T extends v.GenericSchema>(item: T, expected: string) =>
  v.union(
    [
      v.array(item),
      v.pipe(
        v.string(),
        v.transform((x): unknown => {
          if (!x.trimStart().startsWith('['))
            return x
              .split(',')
              .map((each) => each.trim())
              .filter((each) => each !== '');
          try {
            return JSON.parse(x);
          } catch {
            return undefined;
          }
        }),
        v.array(item),
      ),
    ],
    expected,
  );
const role = v.picklist(['viewer', 'editor', 'admin'], 'one of viewer, editor, admin');
const roles = v.array(
  v.strictObject({
    role,
    groups: v.optional(v.array(v.string()), []),
    users: v.optional(v.array(v.string()), []),
    namespaces: v.optional(v.array(v.string()), ['*']),
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
  'server.basePath': setting(
    v.pipe(text('a path'), v.regex(/^(?:\/|(?:\/[A-Za-z0-9._~-]+)+)$/, 'a plain path such as /console or /a.b/mesh-1')),
    '/',
    'Path under which everything is served; a proxy before the console must not strip it.',
  ),
  'server.publicUrls': setting(
    list(httpUrl('an http:// or https:// address without credentials in it'), 'a list of addresses'),
    [],
    'Addresses under which browsers reach the console, base path included (JSON list or comma-separated). The first is the usual one; logins return to the one they began at.',
  ),
  'server.trustedProxies': setting(
    list(text('an address or CIDR range'), 'a list of addresses or CIDR ranges'),
    [],
    'Proxies whose `X-Forwarded-For`, `-Host` and `-Proto` are believed, as addresses or CIDR ranges.',
  ),
  'server.tlsCertFile': setting(text('a path'), undefined, 'Certificate (PEM) to serve HTTPS with.'),
  'server.tlsKeyFile': setting(text('a path'), undefined, 'Key of that certificate (PEM).'),
  'prometheus.url': setting(
    httpUrl('an http:// or https:// address without credentials in it'),
    undefined,
    'Address of the Prometheus API (anything compatible), with its path prefix. Unset: found in the cluster, else `http://localhost:9090`.',
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
  'prometheus.backend': setting(
    v.picklist(BACKENDS, `one of ${BACKENDS.join(', ')}`),
    'prometheus',
    'What answers at that address, where it is not Prometheus itself: `thanos`, `mimir` (Cortex, too), `victoriametrics`, `amp`, `gmp`.',
  ),
  'prometheus.parameters': setting(
    json(words, 'a map of names to values (JSON in the environment)'),
    {},
    'Parameters sent with each query, such as `partial_response: "false"` of Thanos.',
  ),
  'prometheus.aws.region': setting(
    text('a region'),
    undefined,
    'Region of Amazon Managed Prometheus; set: each query is signed (Signature Version 4).',
  ),
  'prometheus.aws.accessKeyId': setting(
    text('text'),
    undefined,
    'Key to sign with. Unset: the role of the pod (`AWS_ROLE_ARN`, `AWS_WEB_IDENTITY_TOKEN_FILE`).',
  ),
  'prometheus.aws.secretAccessKey': setting(secret, undefined, 'Secret of that key.'),
  'prometheus.caFile': setting(text('a path'), undefined, 'CA certificates (PEM) to trust for Prometheus.'),
  'prometheus.certFile': setting(text('a path'), undefined, 'Client certificate (PEM).'),
  'prometheus.keyFile': setting(text('a path'), undefined, 'Key of the client certificate (PEM).'),
  'prometheus.insecureSkipVerify': setting(yesNo, false, 'Accept any certificate of Prometheus. For tests only.'),
  'dashboards.directory': setting(
    text('a path'),
    undefined,
    'Directory of dashboards of your own: JSON files as Grafana exports them; one of the same uid as a built-in one takes its place.',
  ),
  'grafana.url': setting(
    httpUrl('an http or https URL without credentials'),
    undefined,
    'Address of Grafana as browsers reach it; dashboards link there.',
  ),
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
  'kubernetes.secretNames': setting(
    yesNo,
    false,
    'Whether the names of Secrets are watched (never what is in them), to tell of Gateways whose certificate is missing. Needs the right to list Secrets.',
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
  'auth.strategy': setting(
    v.picklist(['anonymous', 'openid', 'header', 'token'], 'one of anonymous, openid, header, token'),
    'anonymous',
    'How users log in: not at all, by an OpenID provider, by a header that a proxy before the console sets, or by pasting a Kubernetes token.',
  ),
  'auth.anonymousRole': setting(role, 'viewer', 'What everybody may do when nobody logs in.'),
  'auth.sessionKeys': setting(
    list(secret, 'a list of keys'),
    [],
    'Keys that seal sessions, 32 random bytes or more each: the first seals, all of them open. Unset: one is made at start, so sessions end with the process.',
  ),
  'auth.sessionIdleMinutes': setting(wholeNumber(1, 10_080), 120, 'A session ends after this long without a request.'),
  'auth.sessionHours': setting(wholeNumber(1, 720), 12, 'A session ends after this long in any case.'),
  'auth.usernameClaim': setting(
    text('a claim'),
    'email',
    'Claim that names the user, dots for nesting; falls back to `preferred_username`, `sub`.',
  ),
  'auth.groupsClaim': setting(
    text('a claim'),
    'groups',
    'Claim that lists groups: an array, or text with spaces or commas; dots for nesting.',
  ),
  'auth.openid.issuer': setting(
    httpUrl('an http:// or https:// address without credentials in it'),
    undefined,
    'Issuer of the OpenID provider.',
  ),
  'auth.openid.clientId': setting(text('text'), undefined, 'Client that the provider knows the console by.'),
  'auth.openid.clientSecret': setting(secret, undefined, 'Secret of that client; unset for a public client.'),
  'auth.openid.scopes': setting(
    list(text('a scope'), 'a list of scopes'),
    ['openid', 'profile', 'email'],
    'Scopes to ask for; add `groups` or `offline_access` where the provider wants them.',
  ),
  'auth.openid.parameters': setting(
    json(words, 'a map of names to values (JSON in the environment)'),
    {},
    'More parameters of the authorization request.',
  ),
  'auth.openid.endpoints': setting(
    json(words, 'a map of authorization, token, userinfo, jwks, endSession to addresses (JSON in the environment)'),
    {},
    'Endpoints where the provider has no discovery document: `authorization`, `token`, `userinfo`, `jwks`, `endSession`.',
  ),
  'auth.openid.allowedDomains': setting(
    list(text('a domain'), 'a list of domains'),
    [],
    'Domains of e-mail addresses that may log in; empty: all.',
  ),
  'auth.openid.clockSkewSeconds': setting(wholeNumber(0, 300), 10, 'Difference of clocks that is forgiven.'),
  'auth.openid.caFile': setting(text('a path'), undefined, 'CA certificates (PEM) to trust for the provider.'),
  'auth.header.name': setting(
    text('a header'),
    'x-amzn-oidc-data',
    'Header with the signed token: `x-amzn-oidc-data` of an ALB, `authorization` or `x-goog-iap-jwt-assertion` elsewhere.',
  ),
  'auth.header.keys': setting(
    text('an address or a path'),
    undefined,
    'Where the keys are: a JWKS address, an ALB’s key address (`https://public-keys.auth.elb.<region>.amazonaws.com`), or a PEM file.',
  ),
  'auth.header.issuer': setting(text('an issuer'), undefined, 'Issuer that the token must name.'),
  'auth.header.audience': setting(
    text('an audience'),
    undefined,
    'Audience that the token must name; for an ALB its ARN (`signer`). Required unless `auth.header.keys` is a PEM file.',
  ),
  'access.mode': setting(
    v.picklist(['roles', 'userToken', 'impersonation'], 'one of roles, userToken, impersonation'),
    'roles',
    'What decides what a user may see and do: `access.roles`, or Kubernetes RBAC asked with the user’s own token or by impersonation.',
  ),
  'access.userToken': setting(
    v.picklist(['id', 'access'], 'id or access'),
    'id',
    'Token of the OpenID login that the Kubernetes API is given.',
  ),
  'access.roles': setting(
    json(roles, 'a list of { role, groups, users, namespaces } (JSON in the environment)'),
    [],
    'Roles by group or user: `viewer`, `editor`, `admin`, in `namespaces` (names or `*`). Somebody who matches none sees nothing.',
  ),
  'changes.enabled': setting(
    yesNo,
    true,
    'Whether the console changes anything at all; false: it only shows, whatever roles and rights say.',
  ),
  'changes.namespace': setting(
    text('a namespace'),
    undefined,
    'Namespace of the journal of changes (ConfigMaps, Leases), which the console writes in its own name. Unset: `mesh.rootNamespace`.',
  ),
  'changes.keep': setting(wholeNumber(10, 1000), 200, 'Ended changes that the journal keeps; the oldest are removed.'),
  'logs.followed': setting(
    wholeNumber(1, 2000),
    400,
    'Containers whose logs may be followed live at once, by all users together; each is a connection to the API server and at most 1.5 MB that wait for a slow reader.',
  ),
  'logs.followedPerUser': setting(wholeNumber(1, 2000), 120, 'The same for one user.'),
  'log.level': setting(v.picklist(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`), 'info', 'Least level that is logged.'),
  'log.format': setting(v.picklist(['json', 'text'], 'json or text'), 'json', '`json` (one object a line) or `text`.'),
} as const;
