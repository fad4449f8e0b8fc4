// ARCHITECTURE.md executed: who may import whom (its table), no import cycles, every path it names exists, and the house rules that no linter knows.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cruise, type IModule } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
const FOLDERS = ['app', 'components', 'model', 'server', 'sim', 'bench', 'e2e'];
const TOP_FILES = ['instrumentation.ts', 'proxy.ts'];

interface Row {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Rows of the table "Who may import whom": paths in backticks, first column from, second column to. */
function readTable(): readonly Row[] {
  const section = page.split('## Who may import whom')[1]?.split('\n## ')[0] ?? '';
  const paths = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '');
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, from = '', to = ''] = line.split('|');
      return { from: paths(from), to: paths(to) };
    });
}

const covers = (path: string, file: string): boolean =>
  file === path || file === `${path}.ts` || file === `${path}.tsx` || file.startsWith(`${path}/`);
/** The row with the longest matching path speaks for a file. */
function rowOf(file: string, rows: readonly Row[]): Row | undefined {
  let best: { row: Row; length: number } | undefined;
  for (const row of rows)
    for (const path of row.from)
      if (covers(path, file) && (best === undefined || path.length > best.length)) best = { row, length: path.length };
  return best?.row;
}

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file) || /(^|\/)(testing|fixtures)\//.test(file);

async function readModules(): Promise<readonly IModule[]> {
  const result = await cruise(
    [...FOLDERS, ...TOP_FILES].filter((f) => existsSync(join(root, f))),
    {
      baseDir: root,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: ['^\\.next', 'node_modules', '^\\.scratch'] },
    },
    undefined,
    { tsConfig: undefined },
  );
  if (typeof result.output === 'string') throw new Error('dependency-cruiser gave text');
  return result.output.modules;
}

function sources(folder: string): string[] {
  const found: string[] = [];
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (name === 'node_modules' || name.startsWith('.')) continue;
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.tsx?$/.test(name)) found.push(relative(root, path));
    }
  };
  if (existsSync(join(root, folder))) walk(join(root, folder));
  return found;
}
const everySource = FOLDERS.flatMap(sources);

describe('ARCHITECTURE.md', () => {
  it('names only paths that exist', () => {
    const named = [...page.matchAll(/`((?:app|components|model|server|sim|bench|e2e|charts|public|\.ci)(?:\/[\w.-]+)*)`/g)].map(
      (m) => m[1] ?? '',
    );
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((path) => !['', '.ts', '.tsx', '.mjs'].some((end) => existsSync(join(root, path + end))))).toEqual(
      [],
    );
  });

  it('has an import table that is held by every file', async () => {
    const rows = readTable();
    expect(rows.length).toBeGreaterThan(8);
    const faults: string[] = [];
    for (const module of await readModules()) {
      if (isTest(module.source) || module.source.includes('node_modules') || module.source.endsWith('.mjs')) continue;
      if (!FOLDERS.includes(module.source.split('/')[0] ?? '') && !TOP_FILES.includes(module.source)) continue;
      const row = rowOf(module.source, rows);
      if (!row) {
        faults.push(`${module.source}: no row of the table speaks for it`);
        continue;
      }
      for (const dependency of module.dependencies) {
        const target = dependency.resolved;
        if (dependency.coreModule || target.includes('node_modules') || !FOLDERS.includes(target.split('/')[0] ?? '')) continue;
        if (row.from.some((path) => covers(path, target)) || row.to.some((path) => covers(path, target))) continue;
        faults.push(`${module.source} imports ${target}`);
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('describes a house without import cycles', async () => {
    const circular = (await readModules()).flatMap((m) =>
      m.dependencies.filter((d) => d.circular).map((d) => `${m.source} -> ${d.resolved}`),
    );
    expect(circular).toEqual([]);
  }, 120_000);
});

describe('every source file', () => {
  it('opens with a comment that says what it owns', () => {
    expect(
      everySource.filter(
        (file) =>
          !/^(?:'use client';\n+)?(?:\/\/ @vitest[^\n]*\n)?(?:'use client';\n+)?\s*(?:\/\/|\/\*)/.test(
            readFileSync(join(root, file), 'utf8'),
          ),
      ),
    ).toEqual([]);
  });

  it('stays under 400 lines', () => {
    expect(everySource.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401)).toEqual([]);
  });

  it('has a name that says something', () => {
    expect(everySource.filter((file) => /(^|\/)(utils?|helpers?|common|misc|index)(\.tsx?|\/)/.test(file))).toEqual([]);
  });

  it('suppresses no check without a reason', () => {
    const bare = /eslint-disable(?!.*--)|@ts-(?:ignore|nocheck)|@ts-expect-error\s*$|biome-ignore (?![^:]+: \S)/m;
    expect(everySource.filter((file) => bare.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
