// The login desk of this process: configuration in plain values, files read, the API server reached. In: Config. Out: LoginDesk.
import { readFileSync } from 'node:fs';
import { Failure } from '../model/failure';
import type { AuthSettings, HeaderKeys, HeaderSettings, OpenidSettings } from './auth/auth-settings';
import { createLoginDesk } from './auth/create-login-desk';
import type { LoginDesk } from './auth/desk';
import type { Config } from './config';
import type { Logger } from './log';
import type { Clock, ReviewPort } from './ports';

const withoutSlash = (text: string): string => text.replace(/\/+$/, '');

function openidOf(config: Config): OpenidSettings | null {
  const issuer = config['auth.openid.issuer'];
  const clientId = config['auth.openid.clientId'];
  if (config['auth.strategy'] !== 'openid' || issuer === undefined || clientId === undefined) return null;
  const { authorization, token, userinfo, jwks, endSession, ...unknown } = config['auth.openid.endpoints'];
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined)
    throw new Failure(
      'badRequest',
      `auth.openid.endpoints names ${JSON.stringify(stranger.slice(0, 40))}`,
      'It may name authorization, token, userinfo, jwks and endSession.',
    );
  for (const [name, url] of Object.entries({ authorization, token, userinfo, jwks, endSession }))
    if (url !== undefined && !/^https?:\/\//.test(url))
      throw new Failure('badRequest', `auth.openid.endpoints.${name} is no http:// or https:// address`, 'Give the whole address.');
  const caFile = config['auth.openid.caFile'];
  return {
    issuer,
    clientId,
    clientSecret: config['auth.openid.clientSecret'] ?? null,
    scopes: config['auth.openid.scopes'],
    parameters: config['auth.openid.parameters'],
    endpoints: { authorization, token, userinfo, jwks, endSession },
    allowedDomains: config['auth.openid.allowedDomains'].map((domain) => domain.toLowerCase().replace(/^@/, '')),
    clockSkewSeconds: config['auth.openid.clockSkewSeconds'],
    caPem: caFile === undefined ? null : readFileSync(/* turbopackIgnore: true */ caFile, 'utf8'),
  };
}

function headerKeysOf(keys: string, header: string): HeaderKeys {
  if (/^https?:\/\//.test(keys)) return { kind: header === 'x-amzn-oidc-data' ? 'alb' : 'jwks', url: withoutSlash(keys) };
  try {
    return { kind: 'pem', pem: readFileSync(/* turbopackIgnore: true */ keys, 'utf8') };
  } catch (error) {
    throw new Failure(
      'badRequest',
      `auth.header.keys names the file ${JSON.stringify(keys.slice(0, 200))}, which cannot be read`,
      'Give an address, or a PEM file that is mounted.',
      { cause: error },
    );
  }
}

function headerOf(config: Config): HeaderSettings | null {
  const keys = config['auth.header.keys'];
  if (config['auth.strategy'] !== 'header' || keys === undefined) return null;
  const name = config['auth.header.name'].toLowerCase();
  return {
    name,
    keys: headerKeysOf(keys, name),
    issuer: config['auth.header.issuer'] ?? null,
    audience: config['auth.header.audience'] ?? null,
  };
}

/** What server/auth is told of the configuration. @throws Failure badRequest, or an Error for a CA file that cannot be read */
export function authSettingsOf(config: Config): AuthSettings {
  return {
    strategy: config['auth.strategy'],
    basePath: withoutSlash(config['server.basePath']),
    publicUrls: config['server.publicUrls'].map(withoutSlash),
    port: config['server.port'],
    servesTls: config['server.tlsCertFile'] !== undefined,
    trustedProxies: config['server.trustedProxies'],
    sessionKeys: config['auth.sessionKeys'],
    sessionIdleMs: config['auth.sessionIdleMinutes'] * 60_000,
    sessionMaxMs: config['auth.sessionHours'] * 3_600_000,
    usernameClaim: config['auth.usernameClaim'],
    groupsClaim: config['auth.groupsClaim'],
    openid: openidOf(config),
    header: headerOf(config),
    accessMode: config['access.mode'],
    userToken: config['access.userToken'],
    roles: config['access.roles'],
  };
}

/** Opens the desk; only strategy token asks for reviews. @throws Failure badRequest for settings that cannot be used */
export const openLoginDesk = (config: Config, reviews: ReviewPort, clock: Clock, log: Logger): LoginDesk =>
  createLoginDesk({ settings: authSettingsOf(config), clock, log, reviews });
