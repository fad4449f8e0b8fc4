// A pasted Kubernetes token: who it is, asked of the API server. In: a token, a ReviewPort. Out: TokenIdentity, null for one that it refuses.
import { Failure } from '../../model/failure';
import type { ReviewPort } from '../ports';
import { Secret } from '../secret';
import { isRecord } from './claims';

export interface TokenIdentity {
  readonly name: string;
  readonly uid: string | null;
  readonly groups: readonly string[];
  /** Of the token, as it says itself; null when it does not. */
  readonly endsAtMs: number | null;
}

const GROUP = '/apis/authentication.k8s.io/v1';
const DEADLINE_MS = 10_000;
export const MAX_PASTED_BYTES = 8 * 1024;

/** What was pasted as a token: `Bearer ` before it and white space around it are forgiven; null when it cannot be one. */
export function decodePastedToken(text: unknown): Secret | null {
  if (typeof text !== 'string' || text.length > MAX_PASTED_BYTES) return null;
  const token = text.trim().replace(/^Bearer\s+/i, '');
  // RFC 6750 2.1, b64token.
  return /^[A-Za-z0-9\-._~+/]{8,}=*$/.test(token) ? new Secret(token) : null;
}

function decodeUser(user: unknown, token: Secret): TokenIdentity | null {
  if (!isRecord(user)) return null;
  const { username, uid, groups } = { username: user['username'], uid: user['uid'], groups: user['groups'] };
  // An API server that lets in everybody says so with this name.
  if (typeof username !== 'string' || username === '' || username === 'system:anonymous') return null;
  return {
    name: username,
    uid: typeof uid === 'string' && uid !== '' ? uid : null,
    groups: Array.isArray(groups) ? groups.filter((group): group is string => typeof group === 'string') : [],
    endsAtMs: expiryOf(token),
  };
}

/** `exp` of a JWT whose signature the API server has checked. */
function expiryOf(token: Secret): number | null {
  const payload = token.reveal().split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(claims) && typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : null;
  } catch {
    return null;
  }
}

/**
 * Who a token stands for: SelfSubjectReview (Kubernetes 1.28) in the token's own name, else TokenReview in the console's.
 * @throws Failure clusterUnreachable, clusterTimeout, clusterMalformed, forbidden (TokenReview is not allowed to the console)
 */
export async function reviewToken(reviews: ReviewPort, token: Secret, signal: AbortSignal): Promise<TokenIdentity | null> {
  const options = { signal, deadlineMs: DEADLINE_MS };
  const self = await reviews.postReview(
    `${GROUP}/selfsubjectreviews`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    { kind: 'token', token },
    options,
  );
  if (self.status === 401) return null;
  const status = isRecord(self.body) && isRecord(self.body['status']) ? self.body['status'] : {};
  if (self.status === 200 || self.status === 201) return decodeUser(status['userInfo'], token);
  // 404: older servers do not have it; 403: a cluster may have taken the right away that everybody has (system:basic-user).
  if (self.status !== 404 && self.status !== 403)
    throw new Failure('clusterMalformed', `the API server answered ${self.status} to a SelfSubjectReview`, 'Look in its log.');
  const review = await reviews.postReview(
    `${GROUP}/tokenreviews`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: token.reveal() } },
    { kind: 'console' },
    options,
  );
  if (review.status === 403)
    throw new Failure(
      'forbidden',
      'the console may not create TokenReviews, and the API server has no SelfSubjectReview',
      'Bind the ClusterRole system:auth-delegator to the service account of the console.',
    );
  const answer = isRecord(review.body) && isRecord(review.body['status']) ? review.body['status'] : null;
  if ((review.status !== 200 && review.status !== 201) || answer === null)
    throw new Failure('clusterMalformed', `the API server answered ${review.status} to a TokenReview`, 'Look in its log.');
  return answer['authenticated'] === true ? decodeUser(answer['user'], token) : null;
}
