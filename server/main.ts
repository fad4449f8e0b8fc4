// Start of a production build (bundled to .next/standalone/heddle.mjs): checks the configuration before anything else, then starts the
// Next server in this process. In: environment and file. Out: a listening server, or exit code 1 with every fault named.
import { join } from 'node:path';
import { ConfigError, prepareServerEnvironment, readConfig } from './config';

try {
  const config = readConfig();
  const here = import.meta.dirname;
  prepareServerEnvironment(config, join(here, 'engine-worker.mjs'));
  const server: string = join(here, 'server.js');
  await import(server);
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
