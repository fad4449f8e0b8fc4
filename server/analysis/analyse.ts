// Finds mistakes in the configuration of a mesh. In: MeshIndex. Out: Findings in a fixed order, those that somebody suppressed apart.
// Each rule checks each object of its kinds; with `only`, those that a change can have touched. A large mesh takes long: it goes in steps, too.
import type { Finding, SuppressedFinding } from '../../model/finding';
import { CONFIG_KINDS, type ConfigKind } from '../../model/inventory';
import { destinationRuleTable } from '../istio/destination-rule';
import { finish } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import { routeTable } from '../istio/route-sets';
import { serviceTable } from '../istio/services';
import { ruleTable } from './audience';
import { CATALOGUE, type CatalogueEntry } from './catalogue';
import { FindingList } from './finding-order';
import { type Listed, memoByListed } from './object-memo';
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
  /** The objects that were checked. */
  readonly looked: readonly Listed[];
}

/** What is wrong with a mesh, without what is suppressed. */
export const analyse = (index: MeshIndex, options: AnalyseOptions = {}): readonly Finding[] => analyseAll(index, options).findings;

/** What is wrong with a mesh, and what is suppressed of it. */
export const analyseAll = (index: MeshIndex, options: AnalyseOptions = {}): Analysis => finish(analyseInSteps(index, options));

/** The same in small steps, between which whoever runs it may do other things. */
export function* analyseInSteps(index: MeshIndex, options: AnalyseOptions = {}): Generator<void, Analysis> {
  const findings = new FindingList<Finding>((finding) => finding);
  const suppressed = new FindingList<SuppressedFinding>(({ finding }) => finding);
  if (options.only === undefined) yield* prepareTables(index);
  const looked = options.only === undefined ? everyObject(index) : yield* touchedObjects(index, options.only);
  for (const { kind, object } of looked) {
    const found = yield* checkObject({ index, kind, object });
    if (found.length === 0) continue;
    const { entries } = readSuppressions(object);
    for (const finding of found) {
      const hit = suppressionOf(finding, entries, options.nowMs ?? null);
      if (hit === null) findings.add(finding);
      else suppressed.add({ finding, reason: hit.reason, untilMs: hit.untilMs });
    }
  }
  return { findings: yield* findings.sort(), suppressed: yield* suppressed.sort(), looked };
}

/** Makes the tables of the whole mesh that rules read; each object first by itself, which reads it. */
export function* prepareTables(index: MeshIndex): Generator<void, void> {
  for (const listed of everyObject(index)) {
    findingsByItself(listed, index);
    yield;
  }
  for (const kind of CONFIG_KINDS) {
    index.objects(kind);
    yield;
  }
  for (const table of [serviceTable, destinationRuleTable, routeTable, ruleTable]) yield* table.prepare(index);
  for (const { tables } of RULES) for (const table of tables ?? []) yield* table.prepare(index);
}

const rulesFor = (reading: boolean): ReadonlyMap<ConfigKind, readonly Rule[]> =>
  new Map(CONFIG_KINDS.map((kind) => [kind, RULES.filter((rule) => rule.on.includes(kind) && rule.reads.length > 0 === reading)]));
/** Rules that look at the mesh, and those that look at the object alone. */
const rulesOfMesh = rulesFor(true);
const rulesOfObject = rulesFor(false);

function* checkObject(subject: Subject): Generator<void, readonly Finding[]> {
  const found = [...findingsByItself(subject, subject.index)];
  yield;
  for (const rule of rulesOfMesh.get(subject.kind) ?? []) {
    found.push(...findingsOf(rule, subject));
    yield;
  }
  return found;
}

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
