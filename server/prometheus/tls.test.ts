// The client over HTTPS against a real Prometheus-like server: whom it trusts, and whether it shows its own certificate.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { makeServerCertificate } from '../../sim/kubernetes/certificate';
import { createPrometheusClient } from './client';
import { PROMETHEUS_DEFAULTS, type PrometheusOptions } from './options';

const NOW = Date.now();
const VECTOR = '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"x"},"value":[1,"2"]}]}}';
const own = makeServerCertificate(NOW);
const other = makeServerCertificate(NOW);

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** An HTTPS server; with `clientAuthority` it lets in only who shows a certificate of that authority. */
async function serve(clientAuthority: string | null): Promise<string> {
  const asks = clientAuthority === null ? {} : { requestCert: true, rejectUnauthorized: true, ca: clientAuthority };
  const server = createServer({ key: own.key, cert: own.cert, ...asks }, (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(VECTOR);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a query gives: the number of its series, or the failure's words. */
async function ask(url: string, more: Partial<PrometheusOptions>): Promise<number | string> {
  const client = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url, clock: { now: () => NOW }, ...more });
  open.push(client);
  try {
    const query = { name: 'source', promql: 'sum by (a) (up)', labels: ['a'] };
    return (await client.fetchVector(query, NOW, { deadlineMs: 10_000, signal: new AbortController().signal })).count;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.detail}`;
  }
}

describe('the client over HTTPS', () => {
  it('trusts the authority that it was given, and no other', async () => {
    const url = await serve(null);
    expect(await ask(url, { caPem: own.cert })).toBe(1);
    expect(await ask(url, { caPem: other.cert })).toMatch(/^metricsUnreachable: .*certificate/);
    expect(await ask(url, {})).toMatch(/^metricsUnreachable: .*certificate/);
  });

  it('takes any certificate only when told to', async () => {
    expect(await ask(await serve(null), { insecureSkipVerify: true })).toBe(1);
  });

  it('shows its own certificate to a server that wants one', async () => {
    const url = await serve(other.cert);
    expect(await ask(url, { caPem: own.cert, certPem: other.cert, keyPem: other.key })).toBe(1);
    expect(await ask(url, { caPem: own.cert })).toMatch(/^metricsUnreachable: /);
    expect(await ask(url, { caPem: own.cert, certPem: own.cert, keyPem: own.key })).toMatch(/^metricsUnreachable: /);
  });
});
