// Every rule about namespaces, services and workloads held to its bad and its clean fixture, and to what it says that it reads.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EntityRef } from '../../model/entity';
import { buildMeshIndex } from '../istio/mesh-index';
import { inventoryOf } from '../istio/test-mesh';
import { CATALOGUE, type CatalogueEntry } from './catalogue';
import { analyseEntities, ENTITY_RULES } from './entities';
import { recorded } from './recorded-inventory';
import type { Input } from './rule';

const folder = join(import.meta.dirname, 'fixtures');
const base = readFileSync(join(folder, 'base.yaml'), 'utf8');
const fixture = (name: string): string => readFileSync(join(folder, 'entities', `${name}.yaml`), 'utf8');
const inventory = (text: string) => inventoryOf(`${base}\n---\n${text}`);
const word = ({ kind, namespace, name }: EntityRef): string => `${kind}/${namespace}/${name}`;

it('the fixtures are those of the rules, two each, and a rule is a file', () => {
  const names = ENTITY_RULES.map((rule) => rule.name).sort();
  expect([...new Set(readdirSync(join(folder, 'entities')).map((name) => name.replace(/\.(?:bad|clean)\.yaml$/, '')))].sort()).toEqual(
    names,
  );
  expect(
    readdirSync(join(import.meta.dirname, 'entity-rules'))
      .map((name) => name.replace(/\.ts$/, ''))
      .sort(),
  ).toEqual(names);
});

describe.each(ENTITY_RULES.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  const bad = fixture(`${name}.bad`);
  const clean = fixture(`${name}.clean`);

  it('finds what its bad fixture has, in words', () => {
    const reports = [...rule.check(buildMeshIndex(inventory(bad)))].filter((report) => report !== null);
    const lines = reports.map(({ code, severity, entity }) => {
      const entry: CatalogueEntry = CATALOGUE[code];
      return `${severity ?? entry.severity} ${code} ${word(entity)}`;
    });
    const expected = [...bad.matchAll(/^# expect (.*)$/gm)].map((match) => match[1] ?? '');
    expect(lines.sort()).toEqual(expected.sort());
    for (const { code, message, consequence } of reports) {
      expect(rule.codes).toContain(code);
      expect(message).not.toMatch(/undefined|null|\.$/);
      expect(consequence).not.toBe('');
    }
  });

  it('nor it nor another raises an alarm on its clean fixture', () =>
    expect(analyseEntities(buildMeshIndex(inventory(clean)))).toEqual([]));

  it('reads what it declares', () => {
    const seen = new Set<Input>();
    for (const text of [bad, clean]) Array.from(rule.check(buildMeshIndex(recorded(inventory(text), seen))));
    expect([...seen].sort()).toEqual([...rule.reads].sort());
  });
});

it('tells the worst first', () => {
  const severities = analyseEntities(buildMeshIndex(inventory(fixture('data-plane-modes.bad')))).map(({ severity }) => severity);
  expect(severities).toEqual(['error', 'error', 'error', 'warning']);
});
