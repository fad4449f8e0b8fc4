// A user and their rights in words. In: MeDocument. Out: text. Pure.
import type { LoginStrategy, MeDocument } from '../../model/account';

/** How somebody came to be known. */
export const STRATEGY_WORDS: Readonly<Record<LoginStrategy, string>> = {
  anonymous: 'Nobody logs in to this console',
  openid: 'By the OpenID provider',
  header: 'By the proxy in front of the console',
  token: 'By a Kubernetes token',
};

const SEES_WORDS = { all: 'Sees all namespaces', some: 'Sees some namespaces', none: 'Sees no namespace' } as const;

/** "Administrator, sees all namespaces", "Sees some namespaces". */
export const wordRights = (me: Pick<MeDocument, 'sees' | 'isAdmin'>): string =>
  me.isAdmin ? `Administrator, ${SEES_WORDS[me.sees].toLowerCase()}` : SEES_WORDS[me.sees];
