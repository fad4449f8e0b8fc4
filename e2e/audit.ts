// npm run audit: the packages that a console runs with, against what is known of them; fails at `high`.
// In: package-lock.json, e2e/advisories.json, the registry's advisories where it gives them; or instead of the registry, paths
// of OSV records (files, folders) as arguments. Out: what was found, and by whom it was asked.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Advisory, decodeOsv, decodeProductionPackages, findVulnerable, isBlocking, knownAdvisories } from './advisories';

const root = join(import.meta.dirname, '..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const packages = decodeProductionPackages(readJson(join(root, 'package-lock.json')));

/** True where nothing blocks a release. */
function report(advisories: readonly Advisory[], source: string): boolean {
  const findings = findVulnerable(packages, advisories);
  console.log(`audit: ${packages.length} packages against ${advisories.length} advisories of ${source}: ${findings.length} found`);
  for (const { locked, advisory } of findings)
    console.log(
      `  ${advisory.severity} ${locked.name} ${locked.version}: ${advisory.id}, ${advisory.vulnerable}, mended in ${advisory.patched ?? 'no release'}`,
    );
  return !findings.some(isBlocking);
}

const known = v.parse(knownAdvisories, readJson(join(root, 'e2e/advisories.json')));
let clean = report(known.advisories, `e2e/advisories.json (read until ${known.readUntil})`);

const paths = process.argv.slice(2);
if (paths.length > 0) {
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)) : path,
  );
  clean =
    report(
      files.filter((file) => file.endsWith('.json')).flatMap((file) => decodeOsv(readJson(file))),
      paths.join(', '),
    ) && clean;
} else {
  const asked = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--loglevel=error'], { cwd: root, encoding: 'utf8' });
  if (asked.stdout.includes('vulnerabilit')) console.log(asked.stdout);
  else console.log(`audit: the registry gives no advisories. Give OSV records instead: npm run audit -- PATH\n${asked.stderr}`);
  clean = asked.status === 0 && clean;
}
if (!clean) process.exitCode = 1;
