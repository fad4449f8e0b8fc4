'use client';
// The login: by what this console is configured to believe. In: /api/me, `to` and `failed` of the address. Out: the page, or on to where it was meant to go.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';
import type { MeDocument } from '../../model/account';
import { decodeReturn, withReturn } from '../live/login-address';
import { isMeDocument } from '../live/me-guard';
import { withBase } from '../ui/base-path';
import { ErrorAlert } from '../ui/error-alert';
import { Logo } from '../ui/logo';
import { useJson } from '../ui/use-json';
import styles from './login.module.css';
import { LoginFailure } from './login-failure';
import { TokenForm } from './token-form';

interface Props {
  /** Host of the OpenID issuer; null where there is none or it is not known. */
  readonly issuerHost: string | null;
  /** Goes to another address of the browser, in place of this one. */
  readonly leave?: (address: string) => void;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

const replace = (address: string): void => window.location.replace(address);
const reload = (): void => window.location.reload();

function HeaderHelp({ host }: { readonly host: string }): ReactNode {
  return (
    <>
      <Alert isInline variant="warning" title="The proxy in front of this console sent no valid login" component="h2">
        <p>Heddle does not log in by itself here: it believes what the proxy says in a signed header, and that was missing or not valid.</p>
      </Alert>
      <div className={styles['help']}>
        <p>What to check:</p>
        <ul>
          <li>Open the console by the address of the proxy, not past it{host === '' ? '' : `; this page came by ${host}`}.</li>
          <li>
            The rule of the proxy for this path asks for a login (an ALB: an authenticate-oidc or authenticate-cognito action before the
            forward).
          </li>
          <li>
            <code>auth.header.name</code>, <code>auth.header.keys</code>, <code>auth.header.issuer</code> and{' '}
            <code>auth.header.audience</code> say what the proxy sends; the log of Heddle says what was refused.
          </li>
        </ul>
      </div>
      <Button variant="primary" size="lg" isBlock onClick={reload}>
        Try again
      </Button>
    </>
  );
}

function Ways({
  me,
  to,
  failed,
  issuerHost,
  leave,
  fetch,
}: Required<Pick<Props, 'issuerHost' | 'leave'>> &
  Pick<Props, 'fetch'> & { readonly me: MeDocument; readonly to: string; readonly failed: string }): ReactNode {
  switch (me.strategy) {
    case 'openid':
      return (
        <Button variant="primary" size="lg" isBlock component="a" href={withReturn(withBase('/api/auth/login'), to)}>
          {failed !== '' ? 'Try again' : issuerHost === null ? 'Log in' : `Log in with ${issuerHost}`}
        </Button>
      );
    case 'token':
      return <TokenForm onLoggedIn={() => leave(withBase(to))} {...(fetch === undefined ? {} : { fetch })} />;
    case 'header':
      return <HeaderHelp host={typeof window === 'undefined' ? '' : window.location.host} />;
    case 'anonymous':
      return <p role="status">Nobody needs to log in: the console opens…</p>;
  }
}

export function LoginPage({ issuerHost, leave = replace, fetch }: Props): ReactNode {
  const query = useSearchParams();
  const to = decodeReturn(query.get('to'));
  const failed = query.get('failed') ?? '';
  const given = fetch === undefined ? {} : { fetch };
  const { data: me, problem, reload: ask } = useJson('/api/me', { guard: isMeDocument, ...given });
  const isIn = me !== null && (me.user !== null || me.strategy === 'anonymous');
  // After a failure nobody is sent on: what is wrong must be seen, and could come again at once.
  const goesOn = isIn && failed === '';
  useEffect(() => {
    if (goesOn) leave(withBase(to));
  }, [goesOn, leave, to]);

  return (
    <div className={styles['page']}>
      <main id="main" className={`${styles['card']} ${failed === '' ? '' : styles['wide']}`}>
        <div className={styles['brand']}>
          <Logo className={styles['logo']} />
          <span className={styles['wordmark']}>Heddle</span>
        </div>
        <h1 className={styles['title']}>{failed === '' ? 'Log in to see and steer the mesh' : 'Not logged in'}</h1>
        {failed === '' ? null : <LoginFailure code={failed} {...given} />}
        {problem !== null && me === null ? (
          problem.status === 401 ? (
            <Alert isInline variant="danger" title="A proxy in front of the console refuses its requests" component="h2">
              It wants a login of its own: open the console’s address anew, in a new tab.
            </Alert>
          ) : (
            <ErrorAlert problem={problem} onRetry={ask} heading="h2" />
          )
        ) : null}
        {me === null && problem === null ? <Skeleton height="3rem" screenreaderText="Looking how to log in" /> : null}
        {me === null ? null : goesOn || isIn ? (
          <div role="status" className={styles['help']}>
            <p>{me.user === null ? 'Nobody needs to log in here.' : `You are logged in as ${me.user.name}.`}</p>
            <a href={withBase(to)}>Go on to the console</a>
          </div>
        ) : (
          <Ways me={me} to={to} failed={failed} issuerHost={issuerHost} leave={leave} {...given} />
        )}
      </main>
    </div>
  );
}
