// Next's request handler for a mounted copy of the build. In: the directory, where we listen. Out: a handler, once Next has started
// (and with it instrumentation.ts, which starts the runtime).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RequestHandler } from './listener';

/** What is used of `next()`: https://nextjs.org/docs/app/guides/custom-server */
interface NextServer {
  prepare(): Promise<void>;
  getRequestHandler(): RequestHandler;
}
type StartNext = (options: {
  readonly dev: false;
  readonly dir: string;
  readonly hostname: string;
  readonly port: number;
  readonly quiet: boolean;
}) => NextServer;

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);

/** The configuration that the build wrote, as the server file of a standalone build hands it to Next. */
export function readBuiltConfig(directory: string): string {
  const path = join(directory, '.next', 'required-server-files.json');
  const written: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(written) || !isRecord(written['config'])) throw new Error(`${path} holds no configuration: run \`npm run build\` again`);
  return JSON.stringify({ ...written['config'], distDir: './.next' });
}

/** Starts Next in `directory`, which becomes the working directory as Next expects it. */
export async function startNext(directory: string, hostname: string, port: number): Promise<RequestHandler> {
  process.chdir(directory);
  // Loaded from beside the build, where Next traced what it needs.
  const load: unknown = createRequire(join(directory, 'package.json'))('next');
  if (typeof load !== 'function') throw new Error('the build is not whole: run `npm run build` again');
  const app = (load as StartNext)({ dev: false, dir: directory, hostname, port, quiet: true });
  await app.prepare();
  return app.getRequestHandler();
}
