// What the engine answers of steering: routing of a service, configuration, explanations, rehearsals, measures; each cut to what its reader
// may see. In: inventory, the newest traffic. Out: the documents of model/steering. The cluster is asked nothing here.
import type { Sight } from '../../model/account';
import type { CheckDocument, Rehearsal, TrafficMeasure } from '../../model/change';
import { type ConfigRef, type Edit, refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { Finding } from '../../model/finding';
import { serviceKey } from '../../model/ids';
import type { Inventory } from '../../model/inventory';
import type {
  ConfigFilter,
  ConfigNamesDocument,
  ExplainDocument,
  ExplainQuestion,
  Explanation,
  SavedCase,
  ServiceRoutingDocument,
} from '../../model/steering';
import type { TrafficSnapshot } from '../../model/traffic';
import type { Clock, ClusterReader, FreshObject } from '../ports';
import { backingOfSubset } from '../steering/backing';
import { encodeConfigList, listConfig } from '../steering/config-list';
import { listConfigNames } from '../steering/config-names';
import { explainRequest, namespaceAsked } from '../steering/explain';
import { measureHosts } from '../steering/measure';
import { overlayFresh } from '../steering/overlay-fresh';
import { checkPlan, type Foresight, foresee, indexOf, rehearse } from '../steering/rehearse';
import { describeServiceRouting } from '../steering/service-routing';
import { buildVeil, type Veil } from '../steering/veil';
import { veilConfigList, veilExplanation, veilServiceRouting } from '../steering/veil-documents';
import { veilRehearsal } from '../steering/veil-rehearsal';
import { foldBuckets, quantileOf } from '../telemetry/quantile';
import type { Analyses, KnownFindings } from './analyses';
import { whyUnread } from './freshness';
import type { Sights } from './sights';
import { runInSlices } from './slices';

export interface SteeringParts {
  readonly cluster: Pick<ClusterReader, 'inventory' | 'watches'>;
  readonly sights: Sights;
  readonly windowSeconds: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly analyses: Pick<Analyses, 'fetch'>;
  /** The newest traffic, with quantiles where they are wanted; null while none can be had. Never rejects but for the signal. */
  readonly fetchTraffic: (wants: { readonly quantiles: boolean }, signal?: AbortSignal) => Promise<TrafficSnapshot | null>;
}

interface Options {
  readonly signal?: AbortSignal;
}

export class Steering {
  readonly #parts: SteeringParts;
  readonly #veils = new WeakMap<Inventory, WeakMap<ReadonlySet<string>, Veil>>();

  constructor(parts: SteeringParts) {
    this.#parts = parts;
  }

  /** @throws Failure notFound, starting */
  async fetchServiceRouting(namespace: string, name: string, sight: Sight, options: Options = {}): Promise<ServiceRoutingDocument> {
    const snapshot = await this.#parts.fetchTraffic({ quantiles: false }, options.signal);
    const { inventory, findings, veil } = await this.#lookThrough(sight, options);
    const service = inventory.services.get(serviceKey(inventory.cluster, namespace, name));
    if (service === undefined || !veil.sees(namespace))
      throw new Failure(
        'notFound',
        `there is no service ${namespace}/${name}`,
        'Look for it in the graph: it may have been deleted, or be in a namespace that you do not see.',
      );
    return veilServiceRouting(describeServiceRouting({ index: indexOf(inventory), service, snapshot, findings }), veil);
  }

  /** A ConfigListDocument as JSON. @throws Failure starting */
  async fetchConfigList(filter: ConfigFilter, sight: Sight, options: Options = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { inventory, findings, entities, veil } = await this.#lookThrough(sight, options);
    const list = await runInSlices(listConfig(inventory, { findings, entities }, this.#parts.cluster.watches(), filter));
    return runInSlices(encodeConfigList(veilConfigList(list, veil)));
  }

  /** @throws Failure starting */
  fetchConfigNames(namespaces: readonly string[] | null, sight: Sight): ConfigNamesDocument {
    const { inventory, veil } = this.#look(sight);
    return listConfigNames(indexOf(inventory), veil, namespaces);
  }

  /** Findings of one object; none for one that may not be seen. @throws Failure starting */
  async fetchConfigFindings(ref: ConfigRef, sight: Sight, options: Options = {}): Promise<readonly Finding[]> {
    const { findings, veil } = await this.#lookThrough(sight, options);
    const key = refText(ref);
    return veil.findings(findings.filter(({ object }) => refText(object) === key));
  }

  /** @throws Failure notFound, badRequest, forbidden, starting */
  explain(question: ExplainQuestion, edits: readonly Edit[], sight: Sight): ExplainDocument {
    const { inventory, veil } = this.#look(sight);
    const { namespace, workload } = question.source;
    if (!veil.sees(namespace))
      throw new Failure('notFound', `there is no workload ${namespace}/${workload}`, 'Choose a workload of a namespace that you may see.');
    const owner = namespaceAsked(indexOf(inventory), question);
    if (!veil.seesHost(question.host) || (owner !== null && !veil.sees(owner)))
      throw new Failure('notFound', `there is no host ${question.host}`, 'Choose a host of a namespace that you may see.');
    const now = veilExplanation(explainRequest(indexOf(inventory), question), veil);
    if (edits.length === 0) return explained(now, null);
    const foresight = foresee(inventory, edits);
    const [problem] = foresight.problems;
    if (problem !== undefined) throw new Failure('badRequest', `edit ${problem.edit + 1}: ${veil.text(problem.message)}`, problem.next);
    refuseHidden(foresight, veil);
    return explained(now, veilExplanation(explainRequest(foresight.after, question), veil));
  }

  /** Problems and findings of edits, without traffic: for while somebody types. @throws Failure forbidden, starting */
  checkEdits(edits: readonly Edit[], sight: Sight): CheckDocument {
    const { inventory, veil } = this.#look(sight);
    const foresight = foresee(inventory, edits);
    refuseHidden(foresight, veil);
    return veilRehearsal(checkPlan(foresight, this.#parts.clock.now()), veil);
  }

  /**
   * Everything that can be told of a change before the cluster is asked. `fresh`: objects as the API server holds them now, which stand in
   * for what the watches know of them. @throws Failure forbidden, starting
   */
  async rehearse(
    edits: readonly Edit[],
    fresh: readonly FreshObject[],
    cases: readonly SavedCase[],
    sight: Sight,
    options: Options = {},
  ): Promise<Rehearsal> {
    const snapshot = await this.#parts.fetchTraffic({ quantiles: false }, options.signal);
    const { inventory, veil } = this.#look(sight);
    const { windowSeconds } = this.#parts;
    const seen = cases.filter(({ question }) => veil.sees(question.source.namespace) && veil.seesHost(question.host));
    const result = rehearse({
      inventory: overlayFresh(inventory, fresh),
      snapshot,
      windowSeconds,
      nowMs: this.#parts.clock.now(),
      edits,
      cases: seen,
      tell: (explanation) => veilExplanation(explanation, veil),
    });
    refuseHidden(result, veil);
    return veilRehearsal(result, veil);
  }

  /** Traffic of hosts; null while none is known. Hosts that may not be seen count nothing. @throws Failure starting */
  async measureTraffic(hosts: readonly string[], sight: Sight, options: Options = {}): Promise<TrafficMeasure | null> {
    const snapshot = await this.#parts.fetchTraffic({ quantiles: true }, options.signal);
    const { veil } = this.#look(sight);
    if (snapshot === null) return null;
    return measureHosts(snapshot, hosts.filter(veil.seesHost), (bounds, histograms, q) => {
      const found = quantileOf(bounds, foldBuckets(bounds, histograms), q);
      return found === null ? null : found.valueMs;
    });
  }

  /** Ready pods behind a subset (null: the whole host) as the watches know them now; 0 for what is not there or may not be seen. */
  countEndpoints(host: string, subset: string | null, sight: Sight): number {
    const { inventory, veil } = this.#look(sight);
    return veil.seesHost(host) ? (backingOfSubset(indexOf(inventory), host, subset)?.pods?.length ?? 0) : 0;
  }

  #look(sight: Sight): { readonly inventory: Inventory; readonly veil: Veil } {
    const inventory = this.#parts.cluster.inventory();
    if (inventory === null) throw this.#unread(sight);
    return { inventory, veil: this.#veilOf(inventory, sight) };
  }

  /** Objects with the findings of these very objects, whatever is written meanwhile. */
  async #lookThrough(sight: Sight, { signal }: Options): Promise<KnownFindings & { readonly veil: Veil }> {
    const known = await this.#parts.analyses.fetch(signal);
    if (known === null) throw this.#unread(sight);
    return { ...known, veil: this.#veilOf(known.inventory, sight) };
  }

  #unread(sight: Sight): Failure {
    return whyUnread(this.#parts.cluster.watches(), sight === null);
  }

  #veilOf(inventory: Inventory, sight: Sight): Veil {
    const visible = this.#parts.sights.read(sight)?.namespaces ?? null;
    if (visible === null) return buildVeil(inventory, null);
    const veils = this.#veils.get(inventory) ?? new WeakMap<ReadonlySet<string>, Veil>();
    this.#veils.set(inventory, veils);
    const veil = veils.get(visible) ?? buildVeil(inventory, visible);
    veils.set(visible, veil);
    return veil;
  }
}

function explained(now: Explanation, then: Explanation | null): ExplainDocument {
  return { now, then };
}

/** Who may not see an object may not look at it by changing it. @throws Failure forbidden */
function refuseHidden({ plan }: Pick<Foresight, 'plan'>, veil: Veil): void {
  if (plan.steps.every(({ ref }) => veil.sees(ref.namespace))) return;
  throw new Failure(
    'forbidden',
    'the change touches objects of namespaces that you may not see',
    'Ask somebody who sees them, or an administrator for access; /account shows what to ask for.',
  );
}
