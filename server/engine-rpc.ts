// The engine as the HTTP side sees it, and the messages in which its worker thread speaks. Everything here can be structured-cloned.
// In: model's documents. Out: EngineApi, ToEngine, FromEngine.
import type { Sight } from '../model/account';
import type { CheckDocument, Rehearsal, TrafficMeasure } from '../model/change';
import type { Baseline } from '../model/comparison';
import type { DashboardDocument, DashboardListDocument, PanelDocument, VariableChoice } from '../model/dashboard';
import type { PanelRange } from '../model/dashboard-query';
import type { DetailDocument, DetailQuery } from '../model/detail';
import type { ConfigRef, Edit } from '../model/edit';
import type { EntityRef } from '../model/entity';
import type { MetricsDocument, MetricsQuery } from '../model/entity-metrics';
import type { FailureCode } from '../model/failure';
import type { FindDocument } from '../model/find/document';
import type { Finding } from '../model/finding';
import type { EncodedList, ListQuery } from '../model/list';
import type { LoadDocument } from '../model/load';
import type { LogPodsDocument } from '../model/log';
import type { RateHistoryDocument, ReplayDocument, ReplayRange } from '../model/replay';
import type { SearchDocument } from '../model/search';
import type {
  ConfigFilter,
  ConfigNamesDocument,
  ExplainDocument,
  ExplainQuestion,
  SavedCase,
  ServiceRoutingDocument,
} from '../model/steering';
import type { ElementChartsDocument, ElementDocument, Freshness, NamespacesDocument, ViewSpec } from '../model/wire';
import type { FreshObject } from './ports';

/** A graph as JSON, ready to send; `tag` changes exactly when the bytes do. */
export interface EncodedAnswer {
  readonly bytes: Uint8Array;
  readonly tag: string;
}

/** Receives the chunks of one stream. */
export interface StreamSink {
  /** Takes a chunk; false: full, send no more until `onDrained` calls. */
  write(chunk: Uint8Array): boolean;
  /** The engine ends the stream. */
  close(): void;
}

export interface StreamHandle {
  /** The sink has room again. */
  drained(): void;
  /** The reader is gone. */
  cancel(): void;
}

/** Readiness and liveness of the backends. */
export interface EngineHealth {
  readonly started: boolean;
  readonly freshness: Freshness;
}

/** What the HTTP side may ask of the engine, always for somebody who may see so much. Every promise rejects with a Failure. */
export interface EngineApi {
  fetchGraph(view: ViewSpec, sight: Sight): Promise<EncodedAnswer>;
  /** What a find text matches in the whole view. */
  fetchSearch(text: string, view: ViewSpec, sight: Sight): Promise<SearchDocument>;
  fetchFind(find: string, view: ViewSpec, sight: Sight): Promise<FindDocument>;
  fetchElement(id: string, view: ViewSpec, sight: Sight): Promise<ElementDocument>;
  fetchCharts(id: string, view: ViewSpec, sight: Sight): Promise<ElementChartsDocument>;
  /** Rates of what comes from, goes to or aims at these namespaces (none named: all) over a range that ends at an instant (null: now). */
  fetchRates(
    namespaces: readonly string[],
    range: { readonly rangeSeconds: number; readonly toSeconds: number | null },
    sight: Sight,
  ): Promise<RateHistoryDocument>;
  /** Reads the frames of a range: afterwards the view at each of their instants is at hand. */
  fetchReplay(view: ViewSpec, range: ReplayRange, sight: Sight): Promise<ReplayDocument>;
  /** A ComparisonDocument as JSON. */
  fetchComparison(view: ViewSpec, baseline: Baseline, sight: Sight): Promise<Uint8Array>;
  fetchNamespaces(windowSeconds: number, sight: Sight): Promise<NamespacesDocument>;
  /** A list; without its bytes where `knownTag` is its tag. */
  fetchList(query: ListQuery, sight: Sight, knownTag: string | null): Promise<EncodedList>;
  /** What is asked of the metrics backend; names nobody and no namespace. */
  fetchLoad(): Promise<LoadDocument>;
  /** Names of all namespaces of the cluster, sorted; null before they are known. For deciding what somebody may see, not for showing. */
  fetchNamespaceNames(): Promise<readonly string[] | null>;
  /** The backends' own words are told to those only who see everything. */
  fetchHealth(sight: Sight): Promise<EngineHealth>;
  /** Metrics of the engine in Prometheus' text format. */
  fetchMetrics(): Promise<string>;
  /** Rejects with badRequest where the backend has too few samples for a window; for streams, whose answer begins before they can fail. */
  admitWindow(windowSeconds: number): Promise<void>;
  subscribe(view: ViewSpec, sight: Sight, lastEventId: string | null, sink: StreamSink): StreamHandle;
  fetchDashboards(sight: Sight): Promise<DashboardListDocument>;
  fetchDashboard(id: string, choice: VariableChoice, sight: Sight): Promise<DashboardDocument>;
  fetchPanel(id: string, panel: string, choice: VariableChoice, range: PanelRange, sight: Sight): Promise<PanelDocument>;
  /** Any PromQL; rejects with `forbidden` for those who do not see everything. */
  fetchQuery(promql: string, range: PanelRange, sight: Sight): Promise<PanelDocument>;
  /** Charts of a namespace, app, workload or service in one direction. */
  fetchEntityMetrics(entity: EntityRef, query: MetricsQuery, sight: Sight): Promise<MetricsDocument>;
  fetchServiceRouting(namespace: string, name: string, sight: Sight): Promise<ServiceRoutingDocument>;
  /** A ConfigListDocument as JSON. */
  fetchConfigList(filter: ConfigFilter, sight: Sight): Promise<Uint8Array>;
  /** What configuration may mention, for completion; `namespaces` null = all that may be seen. */
  fetchConfigNames(namespaces: readonly string[] | null, sight: Sight): Promise<ConfigNamesDocument>;
  /** Findings of one object; none for one that may not be seen. */
  fetchConfigFindings(ref: ConfigRef, sight: Sight): Promise<readonly Finding[]>;
  explain(question: ExplainQuestion, edits: readonly Edit[], sight: Sight): Promise<ExplainDocument>;
  /** Problems and findings alone, without traffic. */
  checkEdits(edits: readonly Edit[], sight: Sight): Promise<CheckDocument>;
  /** `fresh`: objects as the API server holds them now, in place of what the watches know of them. Rejects with `forbidden` where the plan touches what may not be seen. */
  rehearse(edits: readonly Edit[], fresh: readonly FreshObject[], cases: readonly SavedCase[], sight: Sight): Promise<Rehearsal>;
  /** Traffic of hosts by the newest snapshot; null while none is known. */
  measureTraffic(hosts: readonly string[], sight: Sight): Promise<TrafficMeasure | null>;
  /** Ready pods behind a subset (null: the whole host) as the watches know them now. */
  awaitEndpoints(host: string, subset: string | null, sight: Sight): Promise<number>;
  /** Pods and containers behind an entity. Rejects with notFound. */
  fetchLogPods(entity: EntityRef, sight: Sight): Promise<Omit<LogPodsDocument, 'allowed'>>;
  /** Everything of a namespace, app, workload or service. */
  fetchDetails(entity: EntityRef, query: DetailQuery, sight: Sight): Promise<DetailDocument>;
  close(): Promise<void>;
}

/** Calls with their arguments, by name. */
export interface EngineCalls {
  fetchGraph: readonly [ViewSpec, Sight];
  fetchSearch: readonly [string, ViewSpec, Sight];
  fetchFind: readonly [string, ViewSpec, Sight];
  fetchElement: readonly [string, ViewSpec, Sight];
  fetchCharts: readonly [string, ViewSpec, Sight];
  fetchComparison: readonly [ViewSpec, Baseline, Sight];
  fetchReplay: readonly [ViewSpec, ReplayRange, Sight];
  fetchRates: readonly [readonly string[], { readonly rangeSeconds: number; readonly toSeconds: number | null }, Sight];
  fetchNamespaces: readonly [number, Sight];
  fetchList: readonly [ListQuery, Sight, string | null];
  fetchLoad: readonly [];
  fetchNamespaceNames: readonly [];
  fetchHealth: readonly [Sight];
  fetchMetrics: readonly [];
  admitWindow: readonly [number];
  fetchDashboards: readonly [Sight];
  fetchDashboard: readonly [string, VariableChoice, Sight];
  fetchPanel: readonly [string, string, VariableChoice, PanelRange, Sight];
  fetchQuery: readonly [string, PanelRange, Sight];
  fetchEntityMetrics: readonly [EntityRef, MetricsQuery, Sight];
  fetchServiceRouting: readonly [string, string, Sight];
  fetchConfigList: readonly [ConfigFilter, Sight];
  fetchConfigNames: readonly [readonly string[] | null, Sight];
  fetchConfigFindings: readonly [ConfigRef, Sight];
  explain: readonly [ExplainQuestion, readonly Edit[], Sight];
  checkEdits: readonly [readonly Edit[], Sight];
  rehearse: readonly [readonly Edit[], readonly FreshObject[], readonly SavedCase[], Sight];
  measureTraffic: readonly [readonly string[], Sight];
  awaitEndpoints: readonly [string, string | null, Sight];
  fetchLogPods: readonly [EntityRef, Sight];
  fetchDetails: readonly [EntityRef, DetailQuery, Sight];
  close: readonly [];
}

export type ToEngine =
  | {
      [N in keyof EngineCalls]: { readonly type: 'call'; readonly id: number; readonly name: N; readonly args: EngineCalls[N] };
    }[keyof EngineCalls]
  | {
      readonly type: 'subscribe';
      readonly id: number;
      readonly view: ViewSpec;
      readonly sight: Sight;
      readonly lastEventId: string | null;
    }
  | { readonly type: 'drained' | 'cancel'; readonly id: number };

export type FromEngine =
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly code: FailureCode; readonly detail: string; readonly next: string }
  /** Chunks live in shared memory: 500 readers of one view cost one copy. */
  | { readonly type: 'chunk'; readonly id: number; readonly chunk: SharedArrayBuffer }
  | { readonly type: 'end'; readonly id: number }
  /** The engine cannot start as configured; the text says why and what to do. */
  | { readonly type: 'fatal'; readonly text: string }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly event: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };
