// Every handler of every route file of app/, for tests that must not forget one. In: the files. Out: handlers by `GET /api/graph`.
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const app = join(import.meta.dirname, '..', '..');
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Context = { readonly params: Promise<Readonly<Record<string, string>>> };
export type Handler = (request: Request, context: Context) => Promise<Response> | Response;

const isHandler = (exported: unknown): exported is Handler => typeof exported === 'function';

/** Every handler of every route file, by method and path with its parameters in brackets. */
export async function findHandlers(): Promise<ReadonlyMap<string, Handler>> {
  const found = new Map<string, Handler>();
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) => /(?:^|[\\/])route\.tsx?$/.test(file));
  for (const file of files) {
    const path = `/${relative(app, join(app, file, '..'))
      .split(sep)
      .join('/')}`;
    // The file is one of this program's route files: its exports named like a method are handlers, as Next takes them.
    const exported = (await import(/* @vite-ignore */ join(app, file))) as Readonly<Record<string, unknown>>;
    for (const method of METHODS) {
      const handler = exported[method];
      if (isHandler(handler)) found.set(`${method} ${path}`, handler);
    }
  }
  return found;
}
