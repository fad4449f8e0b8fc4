// The configuration: every fault at once, by name; the same names in the file, the environment and README's table.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, decodeConfig, environmentName, healthRatesOf } from './config';
import { SETTINGS } from './settings';

const faultsOf = (file: string | null, environment: Record<string, string> = {}): readonly string[] => {
  try {
    decodeConfig(file, environment, '/');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('decodeConfig', () => {
  it('has a default for everything that is needed', () => {
    const config = decodeConfig(null, {}, '/');
    expect(config['server.port']).toBe(8080);
    expect(config['prometheus.url']).toBeUndefined();
    expect(config['prometheus.bearerToken']).toBeUndefined();
  });

  it('reads the file and lets the environment win', () => {
    const file = 'server: {port: 9000, host: 0.0.0.0}\nprometheus:\n  headers: {X-Scope-OrgID: team}\n';
    const config = decodeConfig(file, { HEDDLE_SERVER_PORT: '9001', HEDDLE_PROMETHEUS_QUERY_SCOPE: '{"cluster":"east"}' }, '/');
    expect(config['server.port']).toBe(9001);
    expect(config['server.host']).toBe('0.0.0.0');
    expect(config['prometheus.headers']['X-Scope-OrgID']?.reveal()).toBe('team');
    expect(config['prometheus.queryScope']).toEqual({ cluster: 'east' });
  });

  it('accepts dotted names in the file as well', () => {
    expect(decodeConfig('server.port: 9000', {}, '/')['server.port']).toBe(9000);
  });

  it('reports every bad value at once, by both names, with what was expected', () => {
    const faults = faultsOf('server: {port: 99999}\nlog: {level: loud}\ngraph: {refreshSecond: 5}', {
      HEDDLE_PROMETHEUS_URL: 'prom:9090',
      HEDDLE_PROMETHEUS_INSECURE_SKIP_VERIFY: 'maybe',
      HEDDLE_TYPO: '1',
    });
    expect(faults).toHaveLength(6);
    const all = faults.join('\n');
    expect(all).toContain('server.port (HEDDLE_SERVER_PORT) is 99999, expected a whole number from 1 to 65535');
    expect(all).toContain('log.level (HEDDLE_LOG_LEVEL) is "loud", expected one of debug, info, warn, error');
    expect(all).toContain('graph.refreshSecond (in the file): no such setting; there are graph.refreshSeconds');
    expect(all).toContain('prometheus.url (HEDDLE_PROMETHEUS_URL) is "prom:9090", expected an http:// or https:// address');
    expect(all).toContain('prometheus.insecureSkipVerify (HEDDLE_PROMETHEUS_INSECURE_SKIP_VERIFY) is "maybe", expected true or false');
    expect(all).toContain('HEDDLE_TYPO (in the environment): no such setting');
  });

  it('names a file that is not YAML or not a map', () => {
    expect(faultsOf('a: [')[0]).toContain('not YAML');
    expect(faultsOf('- 1')[0]).toContain('expected a map');
  });

  it('refuses credentials in an address without repeating them', () => {
    // The address itself is repeated, so one with credentials must not be.
    const faults = faultsOf(null, { HEDDLE_PROMETHEUS_URL: 'http://user:hunter2@prom:9090' });
    expect(faults).toHaveLength(1);
    expect(faults[0]).not.toContain('hunter2');
  });

  it('refuses half of a pair and two ways to authenticate', () => {
    expect(faultsOf(null, { HEDDLE_PROMETHEUS_BEARER_TOKEN: 't', HEDDLE_PROMETHEUS_USERNAME: 'u' })[0]).toContain('one way');
    expect(faultsOf(null, { HEDDLE_PROMETHEUS_CERT_FILE: '/nowhere.pem' })).toHaveLength(2);
  });

  it('refuses what decides about users together with a login that cannot serve it', () => {
    const mode = (strategy: string, access: string): readonly string[] =>
      faultsOf(null, { HEDDLE_AUTH_STRATEGY: strategy, HEDDLE_ACCESS_MODE: access });
    expect(mode('token', 'impersonation')).toEqual([expect.stringContaining('pasted tokens cannot be used with')]);
    expect(mode('token', 'impersonation')[0]).toContain('"userToken"');
    expect(mode('anonymous', 'userToken')).toHaveLength(1);
    expect(decodeConfig(null, { HEDDLE_AUTH_STRATEGY: 'token', HEDDLE_ACCESS_MODE: 'userToken' }, '/')['access.mode']).toBe('userToken');
  });

  it('resolves files where the process was started and names those that are missing', () => {
    const dir = mkdtempSync(join(tmpdir(), 'heddle-config-'));
    try {
      writeFileSync(join(dir, 'token'), 'x');
      expect(decodeConfig(null, { HEDDLE_PROMETHEUS_BEARER_TOKEN_FILE: 'token' }, dir)['prometheus.bearerTokenFile']).toBe(
        join(dir, 'token'),
      );
      expect(() => decodeConfig(null, { HEDDLE_PROMETHEUS_BEARER_TOKEN_FILE: 'none' }, dir)).toThrow('expected a file that exists');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('keeps secrets out of sight', () => {
    const config = decodeConfig(null, { HEDDLE_PROMETHEUS_BEARER_TOKEN: 'hunter2' }, '/');
    expect(inspect(config, { depth: 9 })).not.toContain('hunter2');
    expect(JSON.stringify(config)).not.toContain('hunter2');
    expect(config['prometheus.bearerToken']?.reveal()).toBe('hunter2');
  });

  it('reads health rates as Kiali writes them', () => {
    const config = decodeConfig('health.rate:\n  - namespace: bookinfo\n    tolerance: [{code: 5XX, degraded: 1, failure: 5}]\n', {}, '/');
    expect(healthRatesOf(config)).toEqual([
      {
        namespace: 'bookinfo',
        kind: '.*',
        name: '.*',
        tolerances: [{ code: '5XX', protocol: 'http', direction: '.*', degradedPercent: 1, failurePercent: 5 }],
      },
    ]);
  });
});

describe('README', () => {
  it('has one table row for every setting, with its variable, default and purpose', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
    const rows = Object.entries(SETTINGS).map(([name, { standard, about }]) => {
      const shown = standard === undefined ? '' : `\`${typeof standard === 'string' ? standard : JSON.stringify(standard)}\``;
      return `| \`${name}\` | \`${environmentName(name)}\` | ${shown} | ${about} |`;
    });
    expect(rows.filter((row) => !readme.includes(row))).toEqual([]);
  });

  it('takes no fault in what Kubernetes says of a Service called heddle', () => {
    const links = {
      HEDDLE_SERVICE_HOST: '10.0.0.1',
      HEDDLE_SERVICE_PORT: '8080',
      HEDDLE_SERVICE_PORT_HTTP: '8080',
      HEDDLE_PORT: 'tcp://10.0.0.1:8080',
      HEDDLE_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      HEDDLE_PORT_8080_TCP_ADDR: '10.0.0.1',
      HEDDLE_DEV_SERVICE_HOST: '10.0.0.2',
    };
    expect(() => decodeConfig(null, links, '/')).not.toThrow();
    expect(() => decodeConfig(null, { HEDDLE_SERVER_PROT: '8080' }, '/')).toThrow(/no such setting/);
  });
});
