// npm start: the production build, or a clear word that there is none.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const start = join(import.meta.dirname, '..', '.next', 'standalone', 'heddle.mjs');
if (existsSync(start)) {
  // Somebody sits before it: words instead of JSON, unless told otherwise.
  if (process.stdout.isTTY) process.env.HEDDLE_LOG_FORMAT ??= 'text';
  await import(start);
} else {
  console.error('There is no build yet: run `npm run build`, or `npm run demo` to see Heddle on a simulated mesh.');
  process.exit(1);
}
