// What proves to the backend who asks: basic authentication, a token, a token file that is read again when it changes, a signature with AWS
// keys, a token of Google Cloud. In: PrometheusAuth, the request. Out: request headers. Nothing here is ever printed.
import { readFile, stat } from 'node:fs/promises';
import { Failure } from '../../model/failure';
import { type AwsCredentials, type SignableRequest, signRequest } from './sigv4';
import { assumeRole, fetchGoogleToken, keepLeased, type WebIdentity } from './temporary-keys';

export type PrometheusAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** A file such as a projected service account token: looked at before each query, read when its time of change differs. */
  | { readonly kind: 'bearerFile'; readonly path: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** Amazon Managed Prometheus. */
  | {
      readonly kind: 'sigv4';
      readonly region: string;
      readonly service: string;
      readonly keys: AwsCredentials | WebIdentity;
    }
  /** Google Managed Prometheus, by the metadata server at an address. */
  | { readonly kind: 'google'; readonly metadata: string };

export interface Credentials {
  /** Headers that prove who sends a request, none for an open backend. @throws Failure metricsUnauthorized if there are no keys to be had. */
  readHeaders(request: SignableRequest): Promise<Readonly<Record<string, string>>>;
  /** Forgets keys that were refused, so that the next call reads them anew. True if a second try may differ. */
  forget(): boolean;
}

const basic = (username: string, password: string): string => `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
const fixed = (headers: Readonly<Record<string, string>>): Credentials => ({
  readHeaders: () => Promise.resolve(headers),
  forget: () => false,
});

/** Credentials of one backend. */
export function createCredentials(auth: PrometheusAuth, now: () => number): Credentials {
  switch (auth.kind) {
    case 'none':
      return fixed({});
    case 'bearer':
      return fixed({ authorization: `Bearer ${auth.token}` });
    case 'basic':
      return fixed({ authorization: basic(auth.username, auth.password) });
    case 'bearerFile':
      return createFileCredentials(auth.path);
    case 'google': {
      const token = keepLeased(() => fetchGoogleToken(auth.metadata, now()), now);
      return {
        readHeaders: async () => ({ authorization: `Bearer ${await token.read()}` }),
        forget: () => {
          token.forget();
          return true;
        },
      };
    }
    case 'sigv4': {
      const { keys, region, service } = auth;
      if ('accessKeyId' in keys)
        return { readHeaders: (request) => Promise.resolve(signRequest(request, { region, service }, keys, now())), forget: () => false };
      const leased = keepLeased(() => assumeRole(keys), now);
      return {
        readHeaders: async (request) => signRequest(request, { region, service }, await leased.read(), now()),
        forget: () => {
          leased.forget();
          return true;
        },
      };
    }
  }
}

function createFileCredentials(path: string): Credentials {
  let token: string | null = null;
  let changedMs = -1;
  const readToken = async (): Promise<string> => {
    try {
      const { mtimeMs } = await stat(path);
      if (token === null || mtimeMs !== changedMs) {
        token = (await readFile(path, 'utf8')).trim();
        changedMs = mtimeMs;
      }
    } catch (error) {
      throw new Failure(
        'metricsUnauthorized',
        `the token file ${path} cannot be read`,
        'Check that the file is mounted and readable by the console.',
        { cause: error },
      );
    }
    if (token === '') throw new Failure('metricsUnauthorized', `the token file ${path} is empty`, 'Check what writes the file.');
    return token;
  };
  return {
    readHeaders: async () => ({ authorization: `Bearer ${await readToken()}` }),
    forget: () => {
      token = null;
      return true;
    },
  };
}
