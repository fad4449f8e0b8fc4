// The part of an EngineApi that lists and charts what has a page, or any PromQL, on a live engine; what its readers may not see is not told in the backend's words either.
// In: LiveEngine. Out: those calls. Used by the engine host and by tests that stand in for it.
import type { EngineApi } from './engine-rpc';
import type { LiveEngine } from './live/engine';
import { hushFailure } from './live/hush';

type DashboardCalls = Pick<
  EngineApi,
  'fetchDashboards' | 'fetchDashboard' | 'fetchPanel' | 'fetchQuery' | 'fetchEntityMetrics' | 'fetchList'
>;

export function dashboardCallsOf(engine: LiveEngine, signal: AbortSignal): DashboardCalls {
  const { dashboards, entityMetrics, lists } = engine;
  const hushed = async <T>(sight: readonly string[] | null, answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw sight === null ? error : hushFailure(error);
    }
  };
  return {
    fetchDashboards: (sight) => hushed(sight, dashboards.list(sight, signal)),
    fetchDashboard: (id, choice, sight) => hushed(sight, dashboards.read(id, choice, sight, signal)),
    fetchPanel: (id, panel, choice, range, sight) => hushed(sight, dashboards.readPanel(id, panel, choice, range, sight, signal)),
    fetchQuery: (promql, range, sight) => hushed(sight, dashboards.readQuery(promql, range, sight, signal)),
    fetchList: async (query, sight, knownTag) => {
      await engine.admitWindow(query.windowSeconds);
      return lists.fetch(query, sight, knownTag);
    },
    fetchEntityMetrics: (entity, query, sight) => hushed(sight, entityMetrics.read(entity, query, sight, signal)),
  };
}
