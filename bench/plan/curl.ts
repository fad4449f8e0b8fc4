// What downloading the answers costs and nothing else: the same queries by curl, or where there is none by a bare HTTP client.
// In: Prometheus' address, rounds of queries. Out: wall time.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { request } from 'undici';

const curlInstalled = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
export const DOWNLOADER = curlInstalled ? 'curl --compressed' : 'undici, gzip';

async function downloadByCurl(url: string, form: string): Promise<void> {
  const child = spawn(
    'curl',
    ['--silent', '--fail', '--compressed', '--output', '/dev/null', '--data-binary', '@-', `${url}/api/v1/query`],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.stdin.end(form);
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`curl ended with ${child.exitCode ?? 'a signal'} on ${form.slice(0, 200)}`);
}

async function downloadByUndici(url: string, form: string): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'accept-encoding': 'gzip' };
  const { statusCode, body } = await request(`${url}/api/v1/query`, { method: 'POST', headers, body: form });
  if (statusCode !== 200) throw new Error(`Prometheus answered ${statusCode} on ${form.slice(0, 200)}`);
  await finished(body.pipe(createGunzip()).resume());
}

/** Downloads the answers, the queries of one round side by side; returns the wall time in ms. */
export async function downloadAnswers(
  url: string,
  rounds: readonly (readonly { readonly promql: string }[])[],
  atMs: number,
): Promise<number> {
  const download = curlInstalled ? downloadByCurl : downloadByUndici;
  const startedMs = performance.now();
  for (const round of rounds)
    await Promise.all(
      round.map(({ promql }) => download(url, new URLSearchParams({ query: promql, time: String(atMs / 1000) }).toString())),
    );
  return performance.now() - startedMs;
}
