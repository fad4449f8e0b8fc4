// Which packages of a lock file lie in the range of a known advisory.
// In: package-lock.json, and advisories: the list beside this file (facts of published ones) or records of the OSV format
// (https://ossf.github.io/osv-schema/), as GitHub's database and osv.dev give them. Out: the packages and what is known of them.
import * as v from 'valibot';

export const SEVERITIES = ['low', 'moderate', 'high', 'critical'] as const;
const advisorySchema = v.object({
  id: v.string(),
  package: v.string(),
  severity: v.picklist(SEVERITIES),
  /** As npm writes ranges: `>=7.0.0 <7.29.1 || =8.1.0`. */
  vulnerable: v.string(),
  /** The release with the fix on the line that the product uses; none where there is no fix. */
  patched: v.optional(v.string()),
});
export type Advisory = v.InferOutput<typeof advisorySchema>;
/** `readUntil`: the newest source that was read is of this day; nothing later is in the list. */
export const knownAdvisories = v.object({ source: v.string(), readUntil: v.string(), advisories: v.array(advisorySchema) });

const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      name: v.optional(v.string()),
      version: v.optional(v.string()),
      dev: v.optional(v.boolean()),
      link: v.optional(v.boolean()),
    }),
  ),
});
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
}

/** What is installed without the packages of development (`--omit=dev`), each version once. */
export function decodeProductionPackages(lock: unknown): readonly LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  for (const [path, entry] of Object.entries(v.parse(lockSchema, lock).packages)) {
    if (path === '' || entry.dev === true || entry.link === true || entry.version === undefined) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(`${name}@${entry.version}`, { name, version: entry.version });
  }
  return [...found.values()];
}

const VERSION = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Order of Semantic Versioning 2.0.0, section 11. Below 0: a is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => {
    const parts = VERSION.exec(text);
    if (parts === null) throw new Error(`not a version: ${text}`);
    return { core: [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0)), pre: parts[4]?.split('.') ?? [] };
  });
  if (left === undefined || right === undefined) return 0;
  for (const [index, part] of left.core.entries()) if (part !== right.core[index]) return part - (right.core[index] ?? 0);
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (const [index, part] of left.pre.entries()) {
    const other = right.pre[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [number, otherNumber] = [/^\d+$/.test(part), /^\d+$/.test(other)];
    if (number && otherNumber) return Number(part) - Number(other);
    if (number !== otherNumber) return number ? -1 : 1;
    return part < other ? -1 : 1;
  }
  return left.pre.length - right.pre.length;
}

function holds(version: string, comparator: string): boolean {
  const [, operator, bound] = /^(>=|<=|=|<|>)(.+)$/.exec(comparator) ?? [];
  if (operator === undefined || bound === undefined) throw new Error(`not a comparator: ${comparator}`);
  const order = compareVersions(version, bound);
  if (operator === '=') return order === 0;
  if (operator === '>=') return order >= 0;
  if (operator === '<=') return order <= 0;
  return operator === '<' ? order < 0 : order > 0;
}

/** Unlike a dependency's range, an advisory's speaks of pre-releases too. */
export const isVulnerable = (version: string, range: string): boolean =>
  range.split('||').some(
    (part) =>
      part.trim() === '*' ||
      part
        .trim()
        .split(/\s+/)
        .every((comparator) => holds(version, comparator)),
  );

const osvSchema = v.object({
  id: v.string(),
  withdrawn: v.optional(v.string()),
  database_specific: v.optional(v.object({ severity: v.optional(v.string()) })),
  affected: v.optional(
    v.array(
      v.object({
        package: v.optional(v.object({ ecosystem: v.string(), name: v.string() })),
        ranges: v.optional(v.array(v.object({ type: v.string(), events: v.array(v.record(v.string(), v.string())) }))),
        versions: v.optional(v.array(v.string())),
      }),
    ),
    [],
  ),
});

/** One record of OSV as the advisories of its npm packages. One without a severity (malware has none) counts as critical. */
export function decodeOsv(record: unknown): readonly Advisory[] {
  const { id, withdrawn, database_specific: extra, affected } = v.parse(osvSchema, record);
  if (withdrawn !== undefined) return [];
  const severity = SEVERITIES.find((name) => name === extra?.severity?.toLowerCase()) ?? 'critical';
  return affected.flatMap((one) => {
    if (one.package?.ecosystem !== 'npm') return [];
    const parts = (one.versions ?? []).map((version) => `=${version}`);
    let patched: string | undefined;
    for (const range of one.ranges ?? [])
      for (const [index, { introduced }] of range.events.entries()) {
        if (range.type === 'GIT' || introduced === undefined) continue;
        const end = range.events[index + 1];
        patched = end?.['fixed'] ?? patched;
        const below = end?.['fixed'] === undefined ? end?.['last_affected'] && `<=${end['last_affected']}` : `<${end['fixed']}`;
        parts.push([`>=${introduced}`, below].filter(Boolean).join(' '));
      }
    const advisory = { id, package: one.package.name, severity, vulnerable: parts.join(' || ') };
    return parts.length === 0 ? [] : [patched === undefined ? advisory : { ...advisory, patched }];
  });
}

export interface Finding {
  readonly locked: LockedPackage;
  readonly advisory: Advisory;
}

export function findVulnerable(packages: readonly LockedPackage[], advisories: readonly Advisory[]): readonly Finding[] {
  return advisories.flatMap((advisory) =>
    packages
      .filter(({ name, version }) => name === advisory.package && isVulnerable(version, advisory.vulnerable))
      .map((locked) => ({ locked, advisory })),
  );
}

/** The worst that no release may carry. */
export const isBlocking = ({ advisory }: Finding): boolean => advisory.severity === 'high' || advisory.severity === 'critical';
