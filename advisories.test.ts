// The product runs with no package in the range of a known advisory of high severity; and how versions, ranges and OSV records are read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  decodeOsv,
  decodeProductionPackages,
  findVulnerable,
  isBlocking,
  isVulnerable,
  knownAdvisories,
} from './e2e/advisories';

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'));
const packages = decodeProductionPackages(readJson('package-lock.json'));
const { advisories, readUntil } = v.parse(knownAdvisories, readJson('e2e/advisories.json'));

describe('package-lock.json', () => {
  it('holds what the product runs with, not what it is made with', () => {
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['next', 'react', 'undici', 'jose', 'js-yaml']));
    expect(names).not.toContain('vitest');
  });

  it('holds no package in the range of a known advisory of high or critical severity', () => {
    expect(findVulnerable(packages, advisories).filter(isBlocking)).toEqual([]);
  });

  it('would be refused with a release that has one', () => {
    const older = packages.map((one) => (one.name === 'next' ? { ...one, version: '16.3.5' } : one));
    expect(
      findVulnerable(older, advisories)
        .filter(isBlocking)
        .map(({ advisory }) => advisory.id),
    ).toEqual(['GHSA-vcvr-r3jv-pc5j', 'GHSA-cjq9-62q9-8jv4']);
  });
});

describe('e2e/advisories.json', () => {
  it('names each advisory of a package once, and until when it was read', () => {
    expect(readUntil).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(new Set(advisories.map((one) => `${one.id} ${one.package}`)).size).toBe(advisories.length);
    expect(advisories.filter(({ id }) => !/^GHSA(-[23456789cfghjmpqrvwx]{4}){3}$/.test(id))).toEqual([]);
  });

  it('speaks only of packages that the product runs with', () => {
    const names = new Set(packages.map(({ name }) => name));
    expect(advisories.filter((one) => !names.has(one.package)).map((one) => one.package)).toEqual([]);
  });

  it('has ranges that their fix is outside of', () => {
    expect(advisories.filter((one) => one.patched !== undefined && isVulnerable(one.patched, one.vulnerable))).toEqual([]);
  });
});

describe('versions and ranges', () => {
  it('orders versions as Semantic Versioning does', () => {
    const ordered = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1'];
    ordered.push('1.0.0', '1.0.9', '1.0.10', '1.2.0', '10.0.0');
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
    expect(compareVersions('1.2.3+build', '1.2.3')).toBe(0);
  });

  it.each([
    ['7.29.0', '<6.28.1 || >=7.0.0 <7.29.1', true],
    ['7.29.1', '<6.28.1 || >=7.0.0 <7.29.1', false],
    ['6.28.1', '<6.28.1 || >=7.0.0 <7.29.1', false],
    ['16.2.0-canary.3', '>=16.0.0 <16.2.5', true],
    ['4.4.2', '=4.4.2', true],
    ['5.4.0', '<=5.4.0', true],
    ['5.4.0', '>5.4.0', false],
    ['1.0.0', '*', true],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(isVulnerable(version, range)).toBe(expected);
  });

  it('refuses what it cannot read', () => {
    expect(() => isVulnerable('1.0.0', '~1.0.0')).toThrow('not a comparator: ~1.0.0');
    expect(() => isVulnerable('latest', '<1.0.0')).toThrow('not a version: latest');
  });
});

describe('records of OSV', () => {
  const record = {
    id: 'GHSA-2222-3333-4444',
    database_specific: { severity: 'HIGH' },
    affected: [
      {
        package: { ecosystem: 'npm', name: 'left' },
        ranges: [
          { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { last_affected: '2.1.0' }] },
          { type: 'GIT', events: [{ introduced: '0' }] },
        ],
        versions: ['3.0.0-rc.1'],
      },
      { package: { ecosystem: 'PyPI', name: 'left' }, versions: ['9.0.0'] },
    ],
  };

  it('become advisories of their npm packages', () => {
    expect(decodeOsv(record)).toEqual([
      {
        id: 'GHSA-2222-3333-4444',
        package: 'left',
        severity: 'high',
        vulnerable: '=3.0.0-rc.1 || >=0 <1.2.0 || >=2.0.0 <=2.1.0',
        patched: '1.2.0',
      },
    ]);
    const [advisory] = decodeOsv(record);
    const inside = ['0.1.0', '1.2.0', '2.1.0', '2.1.1', '3.0.0-rc.1'].filter((version) =>
      isVulnerable(version, advisory?.vulnerable ?? ''),
    );
    expect(inside).toEqual(['0.1.0', '2.1.0', '3.0.0-rc.1']);
  });

  it('count as critical without a severity, and not at all once withdrawn', () => {
    const malware = {
      id: 'MAL-2026-1',
      affected: [{ package: { ecosystem: 'npm', name: 'left' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] }],
    };
    expect(decodeOsv(malware)).toEqual([{ id: 'MAL-2026-1', package: 'left', severity: 'critical', vulnerable: '>=0' }]);
    expect(decodeOsv({ ...record, withdrawn: '2026-01-01T00:00:00Z' })).toEqual([]);
  });
});
