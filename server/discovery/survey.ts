// What there is of a mesh behind a kubeconfig, in words for whoever starts the console: each thing that is missing with its fix.
// In: API client, the mesh's root namespace. Out: findings. Changes nothing, installs nothing.
import { Failure } from '../../model/failure';
import { type ApiClient, ApiStatusError } from '../kubernetes/client';

export interface SurveyFinding {
  readonly what: 'Kubernetes' | 'Istio' | 'Gateway API';
  /** In words; null when it is missing. */
  readonly found: string | null;
  readonly fix: string | null;
}

const ASK_MS = 5000;

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const itemsOf = (list: unknown, key: string): readonly Readonly<Record<string, unknown>>[] => {
  const items = isRecord(list) ? list[key] : null;
  return Array.isArray(items) ? items.filter(isRecord) : [];
};

/** Looks at version, API groups and istiod. Never throws. */
export async function surveyCluster(
  client: Pick<ApiClient, 'fetchJson'>,
  rootNamespace: string,
  signal: AbortSignal,
): Promise<readonly SurveyFinding[]> {
  const ask = (path: string): Promise<unknown> => client.fetchJson(path, { signal, deadlineMs: ASK_MS });
  const [version, groups, istiod] = await Promise.allSettled([
    ask('/version'),
    ask('/apis'),
    ask(`/api/v1/namespaces/${rootNamespace}/services?labelSelector=app%3Distiod`),
  ]);
  if (version.status === 'rejected' && !(version.reason instanceof ApiStatusError)) {
    const reason: unknown = version.reason;
    const fix = reason instanceof Failure ? `${reason.detail}. ${reason.next}` : 'Check the kubeconfig with `kubectl version`.';
    return [{ what: 'Kubernetes', found: null, fix }];
  }
  const named = version.status === 'fulfilled' && isRecord(version.value) ? version.value['gitVersion'] : null;
  const served = new Set(groups.status === 'fulfilled' ? itemsOf(groups.value, 'groups').map((group) => group['name']) : []);
  const planes = istiod.status === 'fulfilled' ? itemsOf(istiod.value, 'items').length : 0;
  return [
    { what: 'Kubernetes', found: typeof named === 'string' ? `version ${named.slice(0, 40)}` : 'answers', fix: null },
    describeIstio(served.has('networking.istio.io'), planes, istiod.status === 'rejected', rootNamespace),
    // Many meshes do without it.
    {
      what: 'Gateway API',
      found: served.has('gateway.networking.k8s.io') ? 'installed' : 'not installed, so its kinds are left out',
      fix: null,
    },
  ];
}

function describeIstio(hasKinds: boolean, planes: number, refused: boolean, rootNamespace: string): SurveyFinding {
  if (planes > 0) return { what: 'Istio', found: `istiod in ${rootNamespace}${hasKinds ? '' : ', without its kinds'}`, fix: null };
  if (refused && hasKinds)
    return { what: 'Istio', found: `its kinds; Services of ${rootNamespace} may not be listed, so istiod was not looked for`, fix: null };
  return {
    what: 'Istio',
    found: null,
    fix: hasKinds
      ? `There is no istiod in ${rootNamespace}: set mesh.rootNamespace (HEDDLE_MESH_ROOT_NAMESPACE) to where it is.`
      : 'Neither its kinds nor istiod are there: choose another context by kubernetes.context (HEDDLE_KUBERNETES_CONTEXT), or install Istio.',
  };
}
