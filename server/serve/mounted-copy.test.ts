// Tests of mounted copies: whole, kept, told apart, mended when damaged, safe when two start at once or a folder is not ours.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BASE_PLACEHOLDER } from './base-path';
import { type MountedCopy, prepareMountedCopy } from './mounted-copy';

let root: string;
let build: string;

const write = (path: string, text: string): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heddle-mount-'));
  build = join(root, 'build');
  write(join(build, 'built.json'), JSON.stringify({ id: 'one', mounted: ['.next/server/app.js', '.next/routes-manifest.json'] }));
  write(join(build, '.next/server/app.js'), `exports.base="${BASE_PLACEHOLDER}"`);
  write(join(build, '.next/server/pages/[id].js'), 'untouched');
  write(join(build, '.next/routes-manifest.json'), JSON.stringify({ basePath: BASE_PLACEHOLDER, redirects: [] }));
  write(join(build, '.next/static/media/font.woff2'), '\u0000\u0001');
  write(join(build, 'node_modules/next/index.js'), '');
  write(join(build, 'public/heddle.svg'), '<svg/>');
  write(join(build, 'package.json'), '{}');
});
afterEach(() => {
  chmodSync(build, 0o755);
  rmSync(root, { recursive: true, force: true });
});

const own = (): string => join(build, 'mounted');
const shared = (): string => join(root, 'shelf');
const mount = (basePath: string, shelves: readonly string[] = [own(), shared()]): MountedCopy =>
  prepareMountedCopy({ build, basePath, shelves, temporary: root });
const baseOf = (copy: MountedCopy): string => readFileSync(join(copy.directory, '.next/server/app.js'), 'utf8');

describe('prepareMountedCopy', () => {
  it('copies the build with the path put in, and reaches what is shared', () => {
    const copy = mount('/console');
    expect(baseOf(copy)).toBe('exports.base="/console"');
    expect(JSON.parse(readFileSync(join(copy.directory, '.next/routes-manifest.json'), 'utf8'))).toMatchObject({ basePath: '/console' });
    expect(readFileSync(join(copy.directory, '.next/server/pages/[id].js'), 'utf8')).toBe('untouched');
    expect(realpathSync(join(copy.directory, 'node_modules/next/index.js'))).toBe(realpathSync(join(build, 'node_modules/next/index.js')));
    expect(existsSync(join(copy.directory, 'public/heddle.svg'))).toBe(true);
    expect(readFileSync(join(build, '.next/server/app.js'), 'utf8')).toContain(BASE_PLACEHOLDER);
  });

  it('keeps a copy per path and build', () => {
    const first = mount('/console');
    expect(mount('/console')).toMatchObject({ directory: first.directory, reused: true });
    expect(mount('/').directory).not.toBe(first.directory);
    writeFileSync(join(build, 'built.json'), readFileSync(join(build, 'built.json'), 'utf8').replace('"one"', '"two"'));
    expect(mount('/console')).toMatchObject({ reused: false });
    expect(baseOf(first)).toContain('/console');
  });

  it.each([
    ['a file is gone', (directory: string) => rmSync(join(directory, '.next/server/pages/[id].js'))],
    ['a file was cut off', (directory: string) => writeFileSync(join(directory, '.next/server/app.js'), 'exp')],
    ['it never was complete', (directory: string) => rmSync(join(directory, 'complete.json'))],
  ])('makes a copy anew when %s', (_why, damage) => {
    const { directory } = mount('/console');
    damage(directory);
    const mended = mount('/console');
    expect(mended).toMatchObject({ directory, reused: false });
    expect(baseOf(mended)).toBe('exports.base="/console"');
    expect(mount('/console').reused).toBe(true);
    expect(readdirSync(own()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('uses what is beside the build also where nothing can be written, and another shelf for the rest', () => {
    mount('/');
    // As a read-only image: the folder of the build's copies cannot be written (root may always write, so the folder is made no folder).
    const kept = mount('/');
    expect(kept.reused).toBe(true);
    const blocked = join(root, 'a-file');
    writeFileSync(blocked, '');
    const elsewhere = mount('/console', [blocked, shared()]);
    expect(elsewhere.directory.startsWith(shared())).toBe(true);
    expect(statSync(shared()).mode & 0o777).toBe(0o700);
    // Built by root, run by another.
    expect([own(), kept.directory].map((path) => statSync(path).mode & 0o005)).toEqual([0o005, 0o005]);
    expect(mount('/console', [blocked, shared()])).toMatchObject({ directory: elsewhere.directory, reused: true });
    expect(existsSync(join(elsewhere.directory, 'node_modules/next/index.js'))).toBe(true);
  });

  it('does not trust a shelf that others may write, nor a link in its place', () => {
    mkdirSync(shared(), { mode: 0o777 });
    chmodSync(shared(), 0o777);
    const link = join(root, 'link');
    symlinkSync(own(), link);
    for (const shelf of [shared(), link]) {
      const copy = mount('/console', ['/dev/null/x', shelf]);
      expect(copy.directory.startsWith(join(root, 'heddle-'))).toBe(true);
      expect(baseOf(copy)).toBe('exports.base="/console"');
      copy.release();
      expect(existsSync(copy.directory)).toBe(false);
    }
  });

  it('removes what killed starts left, and nothing that is being made', () => {
    mkdirSync(join(own(), '.making-old'), { recursive: true });
    mkdirSync(join(own(), '.making-new'));
    const hoursAgo = new Date(Date.now() - 7_200_000);
    utimesSync(join(own(), '.making-old'), hoursAgo, hoursAgo);
    chmodSync(own(), 0o700);
    mount('/console');
    expect(readdirSync(own()).filter((name) => name.startsWith('.'))).toEqual(['.making-new']);
  });

  it('is the same for starts at the same moment', async () => {
    const script = `
      import { prepareMountedCopy } from ${JSON.stringify(join(import.meta.dirname, 'mounted-copy.ts'))};
      console.log(prepareMountedCopy(${JSON.stringify({ build, basePath: '/console', shelves: [own()], temporary: root })}).directory);`;
    const file = join(root, 'start.ts');
    writeFileSync(file, script);
    const { spawn } = await import('node:child_process');
    const outputs = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise<string>((resolve, reject) => {
            const child = spawn(process.execPath, ['--import', 'tsx', file], {
              cwd: join(import.meta.dirname, '../..'),
              stdio: ['ignore', 'pipe', 'inherit'],
            });
            let text = '';
            child.stdout.on('data', (chunk: Buffer) => {
              text += chunk.toString();
            });
            child.once('exit', (code) => (code === 0 ? resolve(text.trim()) : reject(new Error(`ended with ${code}`))));
          }),
      ),
    );
    expect(new Set(outputs).size).toBe(1);
    expect(readFileSync(join(outputs[0] ?? '', '.next/server/app.js'), 'utf8')).toBe('exports.base="/console"');
    expect(readdirSync(own())).toHaveLength(1);
  });

  it('says what is missing when there is no whole build', () => {
    rmSync(join(build, 'built.json'));
    expect(() => mount('/')).toThrow(/npm run build/);
    writeFileSync(join(build, 'built.json'), '{"builtAt":"2026-01-01"}');
    expect(() => mount('/')).toThrow(/npm run build/);
  });

  it('says what to mount when nothing can be written anywhere', () => {
    expect(() =>
      prepareMountedCopy({ build, basePath: '/console', shelves: ['/dev/null/a', '/dev/null/b'], temporary: '/dev/null' }),
    ).toThrow(/base path \/console .* mount a writable folder/);
  });
});

describe('the placeholder', () => {
  it('is the one that the build uses', () => {
    const script = readFileSync(join(import.meta.dirname, '../build.mjs'), 'utf8');
    expect(/PLACEHOLDER = '([^']+)'/.exec(script)?.[1]).toBe(BASE_PLACEHOLDER);
    expect(spawnSync(process.execPath, ['--check', join(import.meta.dirname, '../build.mjs')]).status).toBe(0);
  });
});
