// Start of a production build (bundled to .next/standalone/heddle.mjs): checks the configuration before anything else, takes the port, puts
// the base path into the build, then starts Next in this process. In: environment and file. Out: a listening server, or exit code 1 with
// every fault named. `heddle.mjs prepare` only makes the copy for the default base path, so that a read-only image has it; `heddle.mjs health`
// asks the console that runs with the same configuration and ends with 0 or 1.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from './clock';
import { type Config, ConfigError, prepareServerEnvironment, readConfig } from './config';
import { createLogger } from './log';
import { markPeers } from './peer';
import { askHealth } from './serve/ask-health';
import { basePrefix, describeOutside, isWithinBase } from './serve/base-path';
import { openCertificate } from './serve/certificate';
import { boundHeapGrowth } from './serve/heap-growth';
import { createListener, LIMITS, listen, type RequestHandler } from './serve/listener';
import { type MountedCopy, prepareMountedCopy } from './serve/mounted-copy';
import { readBuiltConfig, startNext } from './serve/next-handler';
import { encodeOpenAddress } from './serve/open-address';

const here = import.meta.dirname;
const STOP_MS = 8000;
const HEALTH_MS = 4000;

const mount = (basePath: string): MountedCopy =>
  prepareMountedCopy({
    build: here,
    basePath,
    shelves: [join(here, 'mounted'), join(tmpdir(), `heddle-${process.getuid?.() ?? 'user'}`)],
    temporary: tmpdir(),
  });

async function serve(config: Config): Promise<void> {
  const log = createLogger({
    level: config['log.level'],
    format: config['log.format'],
    now: systemClock.now,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const certFile = config['server.tlsCertFile'];
  const keyFile = config['server.tlsKeyFile'];
  const certificate =
    certFile === undefined || keyFile === undefined
      ? null
      : openCertificate({ certFile, keyFile, clock: systemClock, onProblem: (text) => log.error('certificate', { problem: text }) });

  const prefix = basePrefix(config['server.basePath']);
  const copy = mount(config['server.basePath']);
  process.once('exit', copy.release);
  let started: (handler: RequestHandler) => void = () => undefined;
  const next = new Promise<RequestHandler>((resolve) => {
    started = resolve;
  });
  // The port is taken first: who starts a second console by mistake is told at once, and early requests wait instead of failing.
  const server = createListener({
    handler: async (request, response) => {
      if (!isWithinBase(request.url ?? '', prefix)) {
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
        response.end(describeOutside(config['server.basePath']));
        return;
      }
      await (await next)(request, response);
    },
    certificate,
    limits: LIMITS,
    onDefect: (error) => log.error('a request failed', { error }),
  });
  markPeers();
  const port = await listen(server, config['server.port'], config['server.host']);
  const stop = (): void => {
    // The runtime ends the streams and then the process; here only: nobody new, idle connections go, and nothing waits for ever.
    setTimeout(() => process.exit(143), STOP_MS);
    server.close();
    server.closeIdleConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  prepareServerEnvironment(config, join(here, 'engine-worker.mjs'), readBuiltConfig(copy.directory));
  started(await startNext(copy.directory, config['server.host'], port));
  boundHeapGrowth();
  const open = encodeOpenAddress({
    host: config['server.host'],
    port,
    basePath: config['server.basePath'],
    https: certificate !== null,
    publicUrls: config['server.publicUrls'],
  });
  log.info('listening', { open });
  if (config['log.format'] === 'text') process.stdout.write(`Heddle is running: open ${open}\n`);
}

const health = (config: Config): Promise<boolean> =>
  askHealth({
    host: config['server.host'],
    port: config['server.port'],
    prefix: basePrefix(config['server.basePath']),
    https: config['server.tlsCertFile'] !== undefined,
    deadlineMs: HEALTH_MS,
  });

try {
  const [, , command] = process.argv;
  if (command === 'prepare') mount('/');
  else if (command === 'health') process.exit((await health(readConfig())) ? 0 : 1);
  else await serve(readConfig());
} catch (error) {
  const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
