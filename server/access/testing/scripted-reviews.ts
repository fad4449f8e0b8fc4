// An API server's reviews in memory: roles by user and namespace, counted, can be away, throttle, refuse and be held up.
// In: grants. Out: ReviewPort.
import { Failure } from '../../../model/failure';
import type { Caller, ClusterCredential, ReviewPort } from '../../ports';
import { Secret } from '../../secret';

export interface Asked {
  readonly kind: string;
  readonly namespace: string | null;
  readonly credential: ClusterCredential;
}

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const textOf = (x: unknown): string | null => (typeof x === 'string' ? x : null);

export const VIEW_RULE = { verbs: ['get', 'list', 'watch'], apiGroups: ['', 'networking.istio.io'], resources: ['*'] };

export class ScriptedReviews implements ReviewPort {
  readonly asked: Asked[] = [];
  /** Rules that hold everywhere, and in single namespaces. */
  everywhere: readonly object[] = [];
  local: ReadonlyMap<string, readonly object[]> = new Map();
  incomplete = false;
  /** Namespaces where an access review says yes; null = whatever the rules say. */
  decided: ReadonlySet<string> | null = null;
  away = false;
  /** Status to answer instead, for so many requests. */
  refusals: { readonly status: number; left: number } = { status: 0, left: 0 };
  inFlight = 0;
  mostInFlight = 0;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
  release(): void {
    this.#open();
  }
  count(kind?: string): number {
    return this.asked.filter((a) => kind === undefined || a.kind === kind).length;
  }

  async postReview(
    _path: string,
    body: unknown,
    credential: ClusterCredential,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    if (!isRecord(body)) throw new TypeError('no review');
    const spec = isRecord(body['spec']) ? body['spec'] : {};
    const attributes = isRecord(spec['resourceAttributes']) ? spec['resourceAttributes'] : {};
    const kind = textOf(body['kind']) ?? '';
    const namespace = textOf(spec['namespace']) ?? textOf(attributes['namespace']);
    this.asked.push({ kind, namespace, credential });
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.#gate;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.away) throw new Failure('clusterUnreachable', 'ECONNREFUSED', 'Wait.');
      if (this.refusals.left > 0) {
        this.refusals.left--;
        return { status: this.refusals.status, body: { message: 'no' } };
      }
      return { status: 201, body: { status: this.#answer(kind, namespace) } };
    } finally {
      this.inFlight--;
    }
  }

  #answer(kind: string, namespace: string | null): unknown {
    const rules = [...this.everywhere, ...((namespace === null ? undefined : this.local.get(namespace)) ?? [])];
    if (kind === 'SelfSubjectRulesReview') return { resourceRules: rules, nonResourceRules: [], incomplete: this.incomplete };
    if (kind === 'SelfSubjectReview') return { userInfo: { username: 'oidc:alice' } };
    const allowed = this.decided !== null && namespace !== null ? this.decided.has(namespace) : rules.length > 0;
    return { allowed };
  }
}

/** A caller as the login desk would make him. */
export function callerOf(name: string, credential: ClusterCredential, groups: readonly string[] = []): Caller {
  return { user: { strategy: 'openid', subject: `sub-${name}`, name, groups }, credential, address: '203.0.113.9', sessionId: `s-${name}` };
}
export const tokenOf = (text: string): ClusterCredential => ({ kind: 'token', token: new Secret(text) });
