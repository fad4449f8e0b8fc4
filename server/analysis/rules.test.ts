// Every rule held to what it says of itself: its codes are in the catalogue, it reads what it declares, and it has a bad and a clean fixture.
// A bad fixture lists in its head all findings of its rule (`# expect error IST0101 VirtualService/shop/a spec.http[0]`) and fixes that
// must be there (`# fix VirtualService/shop/a weights`); a clean one gets no error and no warning of any rule.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { refText } from '../../model/edit';
import type { Inventory } from '../../model/inventory';
import { buildMeshIndex } from '../istio/mesh-index';
import { inventoryOf } from '../istio/test-mesh';
import { analyse, toFinding } from './analyse';
import { CATALOGUE, type CatalogueEntry } from './catalogue';
import { ENTITY_RULES } from './entities';
import { recorded } from './recorded-inventory';
import type { Input, Rule } from './rule';
import { RULES } from './rules';
import { everyObject } from './touched';

const folder = join(import.meta.dirname, 'fixtures');
const fileOf = (name: string): string => readFileSync(join(folder, `${name}.yaml`), 'utf8');
const base = fileOf('base');
const meshText = (fixture: string): string => `${base}\n---\n${fixture}`;

const headOf = (fixture: string, word: string): readonly string[] =>
  [...fixture.matchAll(new RegExp(`^# ${word} (.*)$`, 'gm'))].map((match) => (match[1] ?? '').trimEnd()).sort();

const findingsOf = (rule: Rule, inventory: Inventory) => {
  const index = buildMeshIndex(inventory);
  return everyObject(index)
    .filter(({ kind }) => rule.on.includes(kind))
    .flatMap((listed) => {
      const subject = { index, ...listed };
      return [...rule.check(subject)].map((report) => toFinding(subject, report));
    });
};

describe('the catalogue', () => {
  it('has every code of every rule, and no code that no rule gives', () => {
    expect([...new Set([...RULES, ...ENTITY_RULES].flatMap((rule) => rule.codes))].sort()).toEqual(Object.keys(CATALOGUE).sort());
  });

  it('explains each code of a public catalogue at its address', () => {
    for (const [code, entry] of Object.entries<CatalogueEntry>(CATALOGUE)) {
      expect(code).toMatch(/^(?:IST|KIA|HED)\d{4}$/);
      expect(entry.title.length).toBeGreaterThan(10);
      if (code.startsWith('HED')) expect(entry.url).toBeNull();
      else expect(entry.url).toMatch(code.startsWith('IST') ? /^https:\/\/istio\.io\/latest\/docs\// : /^https:\/\/kiali\.io\/docs\//);
      for (const alias of entry.aliases) expect(alias).toMatch(/^KIA\d{4}$/);
    }
  });
});

describe('the list of rules', () => {
  it('is the folder of rules, one file a rule', () => {
    const files = readdirSync(join(import.meta.dirname, 'rules')).map((name) => name.replace(/\.ts$/, ''));
    expect(RULES.map((rule) => rule.name).sort()).toEqual(files.sort());
    for (const rule of RULES) expect(readFileSync(join(import.meta.dirname, 'rules', `${rule.name}.ts`), 'utf8')).toContain('export const');
  });

  it('has no fixture without a rule', () => {
    const named = readdirSync(folder).map((name) => name.replace(/(?:\.bad|\.clean)?\.yaml$/, ''));
    expect([...new Set(named)].filter((name) => name !== 'base' && name !== 'entities').sort()).toEqual(
      RULES.map((rule) => rule.name).sort(),
    );
  });
});

describe.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  const bad = fileOf(`${name}.bad`);
  const clean = fileOf(`${name}.clean`);

  it('finds what its bad fixture has', () => {
    const found = findingsOf(rule, inventoryOf(meshText(bad)));
    const lines = found.map(({ severity, code, object, path }) => `${severity} ${code} ${refText(object)} ${path}`.trimEnd());
    expect(lines.sort()).toEqual(headOf(bad, 'expect'));
    expect([...new Set(found.map(({ code }) => code))].sort()).not.toEqual([]);
    const fixes = found.flatMap(({ object, fix }) => fix?.edits.map((edit) => `${refText(object)} ${edit.type}`) ?? []);
    for (const wanted of headOf(bad, 'fix')) expect(fixes).toContain(wanted);
  });

  it('says what, on what, with what consequence, as its catalogue allows', () => {
    for (const finding of findingsOf(rule, inventoryOf(meshText(bad)))) {
      const entry: CatalogueEntry = CATALOGUE[finding.code as keyof typeof CATALOGUE];
      expect(rule.codes).toContain(finding.code);
      expect([entry.severity, ...(entry.also ?? [])]).toContain(finding.severity);
      for (const alias of finding.aliases) expect(entry.aliases).toContain(alias);
      expect(finding.message).not.toMatch(/undefined|null|\[object|NaN|\.$/);
      expect(finding.consequence).not.toBe('');
      for (const edit of finding.fix?.edits ?? [])
        if (edit.type === 'yaml') expect(parse(edit.yaml)).toMatchObject({ metadata: { name: finding.object.name } });
    }
  });

  it('raises no alarm on its clean fixture, nor does any other rule', () => {
    expect(findingsOf(rule, inventoryOf(meshText(clean)))).toEqual([]);
    expect(analyse(buildMeshIndex(inventoryOf(meshText(clean)))).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('reads what it declares', () => {
    const seen = new Set<Input>();
    for (const text of [bad, clean]) {
      const inventory = inventoryOf(meshText(text));
      const plain = buildMeshIndex(inventory);
      const index = buildMeshIndex(recorded(inventory, seen));
      for (const listed of everyObject(plain)) if (rule.on.includes(listed.kind)) Array.from(rule.check({ index, ...listed }));
    }
    expect([...seen].sort()).toEqual([...rule.reads].sort());
  });
});
