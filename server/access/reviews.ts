// Asks the API server what somebody may do, in his own name. In: a way to post reviews, a credential. Out: rules, decisions.
// Source: Kubernetes, authorization.k8s.io/v1. Throttled requests (429) are tried again a few times; everything else that is not an answer
// is a Failure.
import type { Deed } from '../../model/account';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { Clock, ClusterCredential, ReviewPort } from '../ports';
import { decodeAccessReview, decodeRulesReview, NO_RULES, type RuleSet } from './rules';

export interface ReviewStats {
  readonly sent: number;
  readonly failed: number;
}

/**
 * Cannot be a namespace (RFC 1123), so no RoleBinding can be in it: the rules that hold there are those that hold everywhere.
 * The API server wants a name but does not check it.
 */
const NOWHERE = '-';
const GROUP = '/apis/authorization.k8s.io/v1';
const VERSION = 'authorization.k8s.io/v1';
const DEADLINE_MS = 10_000;
const PAUSES_MS = [250, 1000, 3000];

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const messageOf = (body: unknown): string => {
  const message = isRecord(body) ? body['message'] : null;
  return typeof message === 'string' ? `: ${message.slice(0, 300)}` : '';
};

export class Reviews {
  readonly #port: ReviewPort;
  readonly #clock: Clock;
  #sent = 0;
  #failed = 0;

  constructor(port: ReviewPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  get stats(): ReviewStats {
    return { sent: this.#sent, failed: this.#failed };
  }

  /** Rules in a namespace. @throws Failure clusterUnauthorized, forbidden, clusterUnreachable, clusterTimeout, clusterMalformed */
  async fetchRules(credential: ClusterCredential, namespace: string, signal: AbortSignal): Promise<RuleSet> {
    const body = { apiVersion: VERSION, kind: 'SelfSubjectRulesReview', spec: { namespace } };
    return required(decodeRulesReview(await this.#post('selfsubjectrulesreviews', body, credential, signal)), 'SelfSubjectRulesReview');
  }

  /** Rules that hold in every namespace. @throws Failure as fetchRules */
  async fetchRulesEverywhere(credential: ClusterCredential, signal: AbortSignal): Promise<RuleSet> {
    const body = { apiVersion: VERSION, kind: 'SelfSubjectRulesReview', spec: { namespace: NOWHERE } };
    const review = await this.#post('selfsubjectrulesreviews', body, credential, signal, [400, 422]);
    return review === null ? { ...NO_RULES, incomplete: true } : required(decodeRulesReview(review), 'SelfSubjectRulesReview');
  }

  /** Whether a deed is allowed. @throws Failure as fetchRules */
  async fetchDecision(credential: ClusterCredential, deed: Deed, signal: AbortSignal): Promise<boolean> {
    const { verb, group, resource, namespace } = deed;
    const resourceAttributes = { verb, group, resource, ...(namespace === null ? {} : { namespace }) };
    const body = { apiVersion: VERSION, kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
    return required(decodeAccessReview(await this.#post('selfsubjectaccessreviews', body, credential, signal)), 'SelfSubjectAccessReview');
  }

  /** The name by which Kubernetes knows the owner of a token; null where the server does not say (before 1.28). @throws Failure as fetchRules */
  async fetchName(credential: ClusterCredential, signal: AbortSignal): Promise<string | null> {
    const { status, body } = await this.#port.postReview(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      credential,
      { signal, deadlineMs: DEADLINE_MS },
    );
    if (status !== 200 && status !== 201) return null;
    const found = isRecord(body) && isRecord(body['status']) ? body['status']['userInfo'] : null;
    return isRecord(found) && typeof found['username'] === 'string' && found['username'] !== '' ? found['username'] : null;
  }

  /** The review that came back; null for the statuses in `forgiven`. */
  async #post(
    resource: string,
    body: unknown,
    credential: ClusterCredential,
    signal: AbortSignal,
    forgiven: readonly number[] = [],
  ): Promise<unknown> {
    const path = `${GROUP}/${resource}`;
    for (let attempt = 0; ; attempt++) {
      this.#sent++;
      try {
        const answer = await this.#port.postReview(path, body, credential, { signal, deadlineMs: DEADLINE_MS });
        if (answer.status === 200 || answer.status === 201) return answer.body;
        if (forgiven.includes(answer.status)) return null;
        const waitMs = PAUSES_MS[attempt];
        if (answer.status !== 429 || waitMs === undefined || isAborted(signal)) throw failureOf(path, answer, credential);
        await pause(this.#clock, waitMs, signal);
      } catch (error) {
        this.#failed++;
        throw error;
      }
    }
  }
}

function required<T>(value: T | null, kind: string): T {
  if (value !== null) return value;
  throw new Failure(
    'clusterMalformed',
    `the Kubernetes API answered a ${kind} with something else`,
    'Check that the address is a Kubernetes API server and not a login page or proxy.',
  );
}

function failureOf(
  path: string,
  { status, body }: { readonly status: number; readonly body: unknown },
  credential: ClusterCredential,
): Failure {
  const said = `POST ${path} answered ${status}${messageOf(body)}`;
  const impersonated = credential.kind === 'impersonate';
  if (status === 401)
    return new Failure(
      'clusterUnauthorized',
      impersonated ? said : `the Kubernetes API does not accept the token of this login (${said})`,
      impersonated
        ? "Renew the credentials of the console's kubeconfig or service account."
        : 'Log in again. If that does not help, the API server does not trust this identity provider: use access.mode impersonation or roles.',
    );
  if (status === 403)
    return new Failure(
      'forbidden',
      said,
      impersonated
        ? "Let the console's service account impersonate users and groups (the Helm chart does with access.mode impersonation)."
        : 'Bind the ClusterRole system:basic-user to system:authenticated, as every cluster does by default.',
    );
  if (status === 404) return new Failure('clusterMalformed', said, 'The Kubernetes API does not serve authorization.k8s.io/v1.');
  return new Failure('clusterUnreachable', said, 'Heddle tries again by itself.');
}
