// The steering half of an EngineApi on a live engine: synchronous answers become promises, so that what throws rejects.
// In: LiveEngine. Out: those calls. Used by the engine host and by tests that stand in for it.
import type { EngineApi } from './engine-rpc';
import type { LiveEngine } from './live/engine';

type SteeringCalls = Pick<
  EngineApi,
  | 'fetchServiceRouting'
  | 'fetchConfigList'
  | 'fetchConfigNames'
  | 'fetchConfigFindings'
  | 'explain'
  | 'checkEdits'
  | 'rehearse'
  | 'measureTraffic'
  | 'awaitEndpoints'
>;

const promised = <T>(answer: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(answer());
  });

export const steeringCallsOf = ({ steering }: LiveEngine): SteeringCalls => ({
  fetchServiceRouting: (namespace, name, sight) => steering.fetchServiceRouting(namespace, name, sight),
  fetchConfigList: (filter, sight) => steering.fetchConfigList(filter, sight),
  fetchConfigNames: (namespaces, sight) => promised(() => steering.fetchConfigNames(namespaces, sight)),
  fetchConfigFindings: (ref, sight) => steering.fetchConfigFindings(ref, sight),
  explain: (question, edits, sight) => promised(() => steering.explain(question, edits, sight)),
  checkEdits: (edits, sight) => promised(() => steering.checkEdits(edits, sight)),
  rehearse: (edits, fresh, cases, sight) => steering.rehearse(edits, fresh, cases, sight),
  measureTraffic: (hosts, sight) => steering.measureTraffic(hosts, sight),
  awaitEndpoints: (host, subset, sight) => promised(() => steering.countEndpoints(host, subset, sight)),
});
