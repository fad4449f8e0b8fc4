// Serves the bench page: the console's canvas, bundled for production as its build bundles it, and generated documents.
// In: documents by name. Out: the address of a server on this machine.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import type { GraphDocument } from '../../model/wire';

const ROOT = join(import.meta.dirname, '..', '..');
/** Started by the canvas beside the file that starts them: the page asks for them under the names of their sources. */
const WORKERS = [
  'components/graph/layout/layout-worker.ts',
  'components/graph/layout/elk-worker.ts',
  'components/graph/canvas/dot-worker.ts',
];

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title><link rel="stylesheet" href="/page.css">
<style>html,body{margin:0;height:100%}#host{position:fixed;inset:0}</style></head>
<body><div id="host"></div><script type="module" src="/page.js"></script></body></html>`;

async function bundlePage(): Promise<Map<string, string>> {
  const shared = {
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    minify: true,
    target: 'es2022',
    format: 'esm',
    logLevel: 'warning',
  } as const;
  const define = { 'process.env.NODE_ENV': '"production"' };
  const files = new Map<string, string>();
  const page = await build({
    ...shared,
    define,
    entryPoints: ['bench/browser/page/bench-page.tsx'],
    outfile: 'page.js',
    jsx: 'automatic',
    loader: { '.woff': 'empty', '.woff2': 'empty', '.ttf': 'empty', '.svg': 'empty', '.png': 'empty', '.jpg': 'empty', '.eot': 'empty' },
  });
  for (const file of page.outputFiles) files.set(`/${basename(file.path)}`, file.text);
  for (const source of WORKERS) {
    const worker = await build({ ...shared, define, entryPoints: [source], outfile: 'worker.js' });
    files.set(`/${basename(source)}`, worker.outputFiles[0]?.text ?? '');
  }
  return files;
}

const typeOf = (path: string): string =>
  path.endsWith('.css') ? 'text/css' : path.endsWith('.js') || path.endsWith('.ts') ? 'text/javascript' : 'application/json';

export interface PageServer {
  readonly url: string;
  /** Bytes of the page's script. */
  readonly scriptBytes: number;
  close(): Promise<void>;
}

/** Serves on a free port of 127.0.0.1. @throws when the page cannot be bundled */
export async function startPageServer(documents: ReadonlyMap<string, GraphDocument>): Promise<PageServer> {
  const files = await bundlePage();
  for (const [name, document] of documents) files.set(`/documents/${name}.json`, JSON.stringify(document));
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const body = path === '/' ? PAGE : files.get(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': path === '/' ? 'text/html' : typeOf(path) });
    response.end(body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page is served on no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    scriptBytes: files.get('/page.js')?.length ?? 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
