// Files of a directory become dashboards; one that is broken costs itself alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARDS } from './dashboards/catalogue';
import { readDashboards } from './read-dashboards';

describe('readDashboards', () => {
  let directory: string;
  const warned: unknown[] = [];
  const log = { warn: (event: string, fields?: Readonly<Record<string, unknown>>) => void warned.push([event, fields?.['file']]) };
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'heddle-dashboards-'));
    const panels = [{ type: 'stat', title: 'One', targets: [{ expr: 'up' }] }];
    writeFileSync(join(directory, 'a.json'), JSON.stringify({ title: 'Ours', panels }));
    writeFileSync(join(directory, 'b.json'), JSON.stringify({ title: 'Mesh', uid: 'istio-mesh', panels }));
    writeFileSync(join(directory, 'c.json'), '{');
    writeFileSync(join(directory, 'd.json'), '{}');
    writeFileSync(join(directory, 'readme.txt'), 'no');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('adds them, lets them take the place of ours, and tells what is broken', () => {
    const all = readDashboards(directory, log);
    expect(all.find(({ id }) => id === 'ours')).toMatchObject({ title: 'Ours', origin: 'a.json' });
    expect(all.filter(({ id }) => id === 'istio-mesh').map(({ title }) => title)).toEqual(['Mesh']);
    expect(all).toHaveLength(DASHBOARDS.length + 1);
    expect(warned).toEqual([
      ['a dashboard cannot be taken over', 'c.json'],
      ['a dashboard cannot be taken over', 'd.json'],
    ]);
    expect(readDashboards(undefined, log)).toBe(DASHBOARDS);
  });
});
