// A build that serves one base path: a copy of the build's own files with the path put in, kept for the next start.
// In: the build's directory (its built.json lists the files that hold the placeholder), a base path, folders to keep copies in.
// Out: the directory to serve from. Copies are complete or absent: they are made aside and renamed, so that two starts at once cannot meet.
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { basePrefix, patchBasePath, patchRoutesManifest } from './base-path';

export interface MountOptions {
  /** Directory of the build: heddle.mjs, .next, node_modules, built.json. */
  readonly build: string;
  /** `/`, `/console`, `/a.b/mesh-1`. */
  readonly basePath: string;
  /** Where copies may be kept, best first; what cannot be written is passed over unless the copy is there already. */
  readonly shelves: readonly string[];
  /** Folder of temporary files, for a copy that no shelf takes. */
  readonly temporary: string;
}

export interface MountedCopy {
  readonly directory: string;
  /** Whether an earlier start had made it. */
  readonly reused: boolean;
  /** Removes a copy that cannot be kept; does nothing otherwise. */
  readonly release: () => void;
}

interface Built {
  readonly id: string;
  /** Files with the placeholder, relative to the build, with slashes. */
  readonly mounted: ReadonlySet<string>;
}

const COMPLETE = 'complete.json';
const MAKING = '.making-';
const STALE_MS = 3_600_000;

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}

function readBuilt(build: string): Built {
  const built = readJson(join(build, 'built.json'));
  const files = isRecord(built) ? built['mounted'] : null;
  if (!isRecord(built) || typeof built['id'] !== 'string' || !Array.isArray(files))
    throw new Error(`${join(build, 'built.json')} is missing or not of this version: run \`npm run build\` again`);
  return { id: built['id'], mounted: new Set(files.filter((file): file is string => typeof file === 'string')) };
}

/** Whether everything that was copied is still there in its size. */
function isComplete(directory: string): boolean {
  const complete = readJson(join(directory, COMPLETE));
  const files = isRecord(complete) ? complete['files'] : null;
  if (!isRecord(files)) return false;
  return Object.entries(files).every(([file, size]) => statSync(join(directory, file), { throwIfNoEntry: false })?.size === size);
}

/** Fills `to`; the last file written says that it is complete. */
function writeCopy(build: string, to: string, prefix: string, mounted: ReadonlySet<string>): void {
  const sizes: Record<string, number> = {};
  const copy = (from: string): void => {
    mkdirSync(join(to, relative(build, from)), { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const source = join(from, entry.name);
      const name = relative(build, source).split(sep).join('/');
      if (entry.isDirectory()) copy(source);
      else if (mounted.has(name)) {
        const text = readFileSync(source, 'utf8');
        const patched = entry.name === 'routes-manifest.json' ? patchRoutesManifest(text, prefix) : patchBasePath(text, prefix);
        writeFileSync(join(to, name), patched);
        sizes[name] = Buffer.byteLength(patched);
      } else if (entry.isFile()) {
        copyFileSync(source, join(to, name));
        sizes[name] = statSync(source).size;
      }
    }
  };
  copy(join(build, '.next'));
  for (const shared of ['node_modules', 'public'])
    if (statSync(join(build, shared), { throwIfNoEntry: false })) symlinkSync(relative(to, join(build, shared)), join(to, shared));
  writeFileSync(join(to, 'package.json'), readFileSync(join(build, 'package.json')));
  writeFileSync(join(to, COMPLETE), JSON.stringify({ files: sizes }));
}

/** A shelf that is ours alone: in a folder that everybody may write, somebody else could have put code there for us to run. */
function openShelf(shelf: string, mode: number): boolean {
  try {
    mkdirSync(shelf, { recursive: true, mode });
    const found = lstatSync(shelf);
    const owner = process.getuid?.();
    if (!found.isDirectory() || (owner !== undefined && found.uid !== owner) || (found.mode & 0o022) !== 0) return false;
    const probe = mkdtempSync(join(shelf, MAKING));
    rmSync(probe, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/** What killed starts left behind. */
function removeStale(shelf: string): void {
  for (const name of readdirSync(shelf))
    if (name.startsWith(MAKING)) {
      const found = statSync(join(shelf, name), { throwIfNoEntry: false });
      if (found && Date.now() - found.mtimeMs > STALE_MS) rmSync(join(shelf, name), { recursive: true, force: true });
    }
}

function make(options: MountOptions, shelf: string, key: string, built: Built): string {
  removeStale(shelf);
  const final = join(shelf, key);
  const making = mkdtempSync(join(shelf, MAKING));
  try {
    writeCopy(options.build, making, basePrefix(options.basePath), built.mounted);
    chmodSync(making, 0o755);
    for (let attempt = 0; ; attempt += 1)
      try {
        renameSync(making, final);
        return final;
      } catch (error) {
        // Another start was faster, and its copy is as good.
        if (isComplete(final)) {
          rmSync(making, { recursive: true, force: true });
          return final;
        }
        if (attempt === 2) throw error;
        // What is in the way is damaged: a cleaner of temporary files, a full disk.
        const aside = join(shelf, `${MAKING}${randomBytes(6).toString('hex')}`);
        try {
          renameSync(final, aside);
        } catch {
          // Somebody else moved it at the same moment.
        }
        rmSync(aside, { recursive: true, force: true });
      }
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The copy of the build for a base path: the kept one if it is whole, else a new one.
 * @throws Error in words when the build is not whole, or nothing can be written anywhere
 */
export function prepareMountedCopy(options: MountOptions): MountedCopy {
  const built = readBuilt(options.build);
  const key = createHash('sha256')
    .update(JSON.stringify([built.id, options.basePath]))
    .digest('hex')
    .slice(0, 24);
  const keep = (directory: string, reused: boolean): MountedCopy => ({ directory, reused, release: () => undefined });
  // The first shelf is part of the build: what is there is as trustworthy as the build, also where this user may only read.
  const [own] = options.shelves;
  if (own !== undefined && isComplete(join(own, key))) return keep(join(own, key), true);
  for (const shelf of options.shelves) {
    // What lies beside the build is read by whoever may read the build: an image is built by one user and run by another.
    if (!openShelf(shelf, shelf === own ? 0o755 : 0o700)) continue;
    // The link to node_modules is relative: a copy that is kept elsewhere belongs to one place of the build.
    const name = shelf === own ? key : `${key}-${createHash('sha256').update(options.build).digest('hex').slice(0, 12)}`;
    if (isComplete(join(shelf, name))) return keep(join(shelf, name), true);
    return keep(make(options, shelf, name, built), false);
  }
  let directory: string;
  try {
    directory = mkdtempSync(join(options.temporary, 'heddle-'));
  } catch (error) {
    throw new Error(
      `the base path ${options.basePath} needs a folder for a copy of the build (10 MB), and neither ${options.shelves.join(' nor ')} nor ${options.temporary} can be written: mount a writable folder at ${options.temporary}`,
      { cause: error },
    );
  }
  writeCopy(options.build, directory, basePrefix(options.basePath), built.mounted);
  return { directory, reused: false, release: () => rmSync(directory, { recursive: true, force: true }) };
}
