// Finds mistakes in the configuration of a mesh. In: MeshIndex. Out: Findings in a fixed order, those that somebody suppressed apart.
// Each rule checks each object of its kinds; with `only`, those that a change can have touched.
import { FINDING_SEVERITIES, type Finding, type SuppressedFinding } from '../../model/finding';
import { CONFIG_KINDS, type ConfigKind } from '../../model/inventory';
import type { MeshIndex } from '../istio/mesh-index';
import { CATALOGUE, type CatalogueEntry } from './catalogue';
import { memoByListed } from './object-memo';
import type { Report, Rule, Subject } from './rule';
import { RULES } from './rules';
import { readSuppressions, suppressionOf } from './suppression';
import { everyObject, touchedObjects } from './touched';

export interface AnalyseOptions {
  /** refTexts of objects and fully qualified hosts that are touched: findings elsewhere cannot have changed. See `touchedBy`. */
  readonly only?: ReadonlySet<string>;
  /** Instant by which suppressions with an end are judged; without it those do not hold. */
  readonly nowMs?: number;
}

export interface Analysis {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/** What is wrong with a mesh, without what is suppressed. */
export const analyse = (index: MeshIndex, options: AnalyseOptions = {}): readonly Finding[] => analyseAll(index, options).findings;

/** What is wrong with a mesh, and what is suppressed of it. */
export function analyseAll(index: MeshIndex, options: AnalyseOptions = {}): Analysis {
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const { kind, object } of options.only === undefined ? everyObject(index) : touchedObjects(index, options.only)) {
    const found = checkObject({ index, kind, object });
    if (found.length === 0) continue;
    const { entries } = readSuppressions(object);
    for (const finding of found) {
      const hit = suppressionOf(finding, entries, options.nowMs ?? null);
      if (hit === null) findings.push(finding);
      else suppressed.push({ finding, reason: hit.reason, untilMs: hit.untilMs });
    }
  }
  return {
    findings: findings.sort(compareFindings),
    suppressed: suppressed.sort((a, b) => compareFindings(a.finding, b.finding)),
  };
}

const rulesFor = (reading: boolean): ReadonlyMap<ConfigKind, readonly Rule[]> =>
  new Map(CONFIG_KINDS.map((kind) => [kind, RULES.filter((rule) => rule.on.includes(kind) && rule.reads.length > 0 === reading)]));
/** Rules that look at the mesh, and those that look at the object alone. */
const rulesOfMesh = rulesFor(true);
const rulesOfObject = rulesFor(false);

const checkObject = (subject: Subject): readonly Finding[] => [
  ...findingsByItself(subject, subject.index),
  ...(rulesOfMesh.get(subject.kind) ?? []).flatMap((rule) => findingsOf(rule, subject)),
];

const findingsOf = (rule: Rule, subject: Subject): readonly Finding[] =>
  Array.from(rule.check(subject), (report) => toFinding(subject, report));

/** Findings of the rules that read nothing but the object: the same as long as the object is. */
const findingsByItself = memoByListed((listed, index: MeshIndex): readonly Finding[] =>
  (rulesOfObject.get(listed.kind) ?? []).flatMap((rule) => findingsOf(rule, { ...listed, index })),
);

/** The finding of a report on a subject. */
export function toFinding({ kind, object }: Subject, report: Report): Finding {
  const entry: CatalogueEntry = CATALOGUE[report.code];
  return {
    code: report.code,
    aliases: report.alias === undefined ? (entry.aliases.length === 1 ? entry.aliases : []) : [report.alias],
    severity: report.severity ?? entry.severity,
    object: { kind, namespace: object.namespace, name: object.name },
    path: report.path,
    message: report.message,
    consequence: report.consequence,
    fix: report.fix ?? null,
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Paths by their numbers: http[2] before http[10]. */
const comparePath = (a: string, b: string): number => compareText(paddedPath(a), paddedPath(b));
const paddedPath = (path: string): string => path.replace(/\d+/g, (digits) => digits.padStart(6, '0'));

/** Worst first, then by object, place, code, words. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    FINDING_SEVERITIES.indexOf(a.severity) - FINDING_SEVERITIES.indexOf(b.severity) ||
    compareText(a.object.namespace, b.object.namespace) ||
    compareText(a.object.kind, b.object.kind) ||
    compareText(a.object.name, b.object.name) ||
    comparePath(a.path, b.path) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}
