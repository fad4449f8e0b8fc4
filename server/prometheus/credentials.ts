// What proves to the backend who asks: basic authentication, a token, a token file that is read again when it changes, plain headers.
// In: PrometheusAuth. Out: request headers. Nothing here is ever printed.
import { readFile, stat } from 'node:fs/promises';
import { Failure } from '../../model/failure';

export type PrometheusAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** A file such as a projected service account token: looked at before each query, read when its time of change differs. */
  | { readonly kind: 'bearerFile'; readonly path: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export interface Credentials {
  /** The value of the Authorization header, null for none. @throws Failure metricsUnauthorized if the token file cannot be read. */
  readAuthorization(): Promise<string | null>;
  /** Forgets a token that was refused, so that the next call reads the file. True if a second try may differ. */
  forget(): boolean;
}

const basic = (username: string, password: string): string => `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

/** Credentials of one backend. */
export function createCredentials(auth: PrometheusAuth): Credentials {
  let token: string | null = null;
  let changedMs = -1;
  const readToken = async (path: string): Promise<string> => {
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
    readAuthorization: async () => {
      switch (auth.kind) {
        case 'none':
          return null;
        case 'bearer':
          return `Bearer ${auth.token}`;
        case 'bearerFile':
          return `Bearer ${await readToken(auth.path)}`;
        case 'basic':
          return basic(auth.username, auth.password);
      }
    },
    forget: () => {
      if (auth.kind !== 'bearerFile') return false;
      token = null;
      return true;
    },
  };
}
