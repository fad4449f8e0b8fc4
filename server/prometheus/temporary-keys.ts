// Keys that a cloud gives for a while: AWS' for the web identity of a pod (EKS), Google's for the service account of the machine or pod.
// In: where to ask. Out: keys, asked for again before they end. Nothing here is ever printed.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
// https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
import { readFile } from 'node:fs/promises';
import { request } from 'undici';
import { Failure } from '../../model/failure';
import type { AwsCredentials } from './sigv4';

const DEADLINE_MS = 5000;
const MAX_BYTES = 64 * 1024;
/** Asked for again so long before they end. */
const EARLY_MS = 120_000;

export interface WebIdentity {
  readonly roleArn: string;
  readonly tokenFile: string;
  /** Address of the token service, such as https://sts.eu-central-1.amazonaws.com/. */
  readonly endpoint: string;
}

interface Lease<T> {
  readonly value: T;
  readonly endsMs: number;
}

/** Keeps what `ask` gives until shortly before its end; those who ask at once share one answer. */
export function keepLeased<T>(ask: () => Promise<Lease<T>>, now: () => number): { read(): Promise<T>; forget(): void } {
  let held: Lease<T> | null = null;
  let asking: Promise<Lease<T>> | null = null;
  return {
    read: async () => {
      if (held !== null && now() < held.endsMs - EARLY_MS) return held.value;
      asking ??= ask().finally(() => {
        asking = null;
      });
      held = await asking;
      return held.value;
    },
    forget: () => {
      held = null;
    },
  };
}

const refused = (what: string, next: string, cause?: unknown): Failure => new Failure('metricsUnauthorized', what, next, { cause });

async function askText(
  url: string,
  options: { readonly method: 'GET' | 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
  what: string,
  next: string,
): Promise<string> {
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const { statusCode, body } = await request(url, { ...options, signal });
    const text = (await body.text()).slice(0, MAX_BYTES);
    if (statusCode !== 200) throw refused(`${what} answered ${statusCode}`, next);
    return text;
  } catch (error) {
    throw error instanceof Failure ? error : refused(`${what} does not answer`, next, error);
  }
}

/** Keys of a role, for the token that Kubernetes gives a pod. @throws Failure metricsUnauthorized */
export async function assumeRole({ roleArn, tokenFile, endpoint }: WebIdentity): Promise<Lease<AwsCredentials>> {
  const next = 'Check the role, its trust policy, and the token of the pod (AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE).';
  const token = await readFile(tokenFile, 'utf8').catch((error: unknown) => {
    throw refused(`the token file ${tokenFile} cannot be read`, next, error);
  });
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'heddle',
    WebIdentityToken: token.trim(),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/xml' };
  const text = await askText(endpoint, { method: 'POST', headers, body: form.toString() }, 'the AWS token service', next);
  const member = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1] ?? '';
  const [accessKeyId, secretAccessKey, sessionToken] = [member('AccessKeyId'), member('SecretAccessKey'), member('SessionToken')];
  const endsMs = Date.parse(member('Expiration'));
  if (accessKeyId === '' || secretAccessKey === '' || sessionToken === '' || Number.isNaN(endsMs))
    throw refused('the AWS token service gave no keys', next);
  return { value: { accessKeyId, secretAccessKey, sessionToken }, endsMs };
}

export const GOOGLE_METADATA = 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';

/** A token of the service account of the machine or pod. @throws Failure metricsUnauthorized */
export async function fetchGoogleToken(address: string, nowMs: number): Promise<Lease<string>> {
  const next = 'Give the pod a service account with the role Monitoring Viewer (Workload Identity).';
  const text = await askText(
    address,
    { method: 'GET', headers: { 'metadata-flavor': 'Google' } },
    'the metadata server of Google Cloud',
    next,
  );
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Told below.
  }
  const { access_token: token, expires_in: seconds } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof token !== 'string' || token === '' || typeof seconds !== 'number') throw refused('the metadata server gave no token', next);
  return { value: token, endsMs: nowMs + seconds * 1000 };
}
