// Whether the console of this configuration answers, asked over its own port: for HEALTHCHECK in an image without curl.
// In: where it listens. Out: true or false.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Asks GET <base>/api/health/live on this machine; the certificate is for another name and not looked at. */
export function askHealth(where: {
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  readonly https: boolean;
  readonly deadlineMs: number;
}): Promise<boolean> {
  const host = where.host === '0.0.0.0' ? '127.0.0.1' : where.host === '::' ? '::1' : where.host;
  const options = { host, port: where.port, path: `${where.prefix}/api/health/live`, timeout: where.deadlineMs };
  return new Promise((resolve) => {
    const asked = where.https ? requestHttps({ ...options, rejectUnauthorized: false }) : requestHttp(options);
    asked.once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });
}
