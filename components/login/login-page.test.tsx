// @vitest-environment jsdom
// Tests of the login: one way per strategy, failures that stay to be read, the token form, and that nothing goes in circles or astray.
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerPaths, sampleDoctor, sampleMe, sampleNobody } from '../account/sample-account';
import { LoginPage } from './login-page';
import { decodeFailureCode, decodePastedToken, wordFailure } from './login-words';

const address = vi.hoisted(() => ({ query: '' }));
vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(address.query) }));

afterEach(() => {
  cleanup();
  address.query = '';
});

function show(ask: typeof fetch, query = '', issuerHost: string | null = 'accounts.example.com') {
  address.query = query;
  const leave = vi.fn();
  render(<LoginPage issuerHost={issuerHost} leave={leave} fetch={ask} />);
  return leave;
}

describe('LoginPage with a provider', () => {
  const ask = answerPaths({ '/api/me': sampleNobody('openid'), '/api/auth/doctor': sampleDoctor() });

  it('offers one way, which keeps where it should lead', async () => {
    const leave = show(ask, 'to=/graph?namespaces%3Dshop%26find%3Dx');
    const link = await screen.findByRole('link', { name: 'Log in with accounts.example.com' });
    expect(link.getAttribute('href')).toBe('/api/auth/login?to=%2Fgraph%3Fnamespaces%3Dshop%26find%3Dx');
    expect(leave).not.toHaveBeenCalled();
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/login'])(
    'drops the way to %s',
    async (to) => {
      show(ask, `to=${encodeURIComponent(to)}`, null);
      expect((await screen.findByRole('link', { name: 'Log in' })).getAttribute('href')).toBe('/api/auth/login');
    },
  );

  it('shows a failure in words with what the doctor found, and a retry, and goes nowhere by itself', async () => {
    const leave = show(ask, 'failed=redirectUriMismatch&to=/graph');
    await screen.findByText('The provider does not know this address');
    await screen.findAllByText(/The redirect URI was refused/);
    expect(screen.getAllByText(/Register it/).length).toBeGreaterThan(0);
    expect(screen.getByRole('link', { name: 'Try again' }).getAttribute('href')).toBe('/api/auth/login?to=%2Fgraph');
    expect(leave).not.toHaveBeenCalled();
  });

  it('says so when the report of the failure is gone, and does not repeat what is no code', async () => {
    show(answerPaths({ '/api/me': sampleNobody('openid') }), `failed=${encodeURIComponent('<b>Call 555-1234')}`);
    await screen.findByText(/no report of that login any more/);
    expect(screen.getByText('The login did not succeed')).toBeTruthy();
    expect(document.body.textContent).not.toContain('555');
  });

  it('goes on when somebody is logged in, but not past a failure', async () => {
    const known = answerPaths({ '/api/me': sampleMe(), '/api/auth/doctor': sampleDoctor() });
    const leave = show(known, 'to=/overview');
    await waitFor(() => expect(leave).toHaveBeenCalledWith('/overview'));
    cleanup();
    const stay = show(known, 'failed=domainNotAllowed');
    await screen.findByText('You are logged in as ada@example.com.');
    expect(stay).not.toHaveBeenCalled();
  });
});

describe('LoginPage otherwise', () => {
  it('goes on where nobody logs in', async () => {
    const leave = show(answerPaths({ '/api/me': sampleNobody('anonymous') }));
    await waitFor(() => expect(leave).toHaveBeenCalledWith('/'));
  });

  it('says what to check where a proxy should have logged in', async () => {
    const leave = show(answerPaths({ '/api/me': sampleNobody('header') }));
    await screen.findByText('The proxy in front of this console sent no valid login');
    expect(screen.getByText('auth.header.keys')).toBeTruthy();
    expect(leave).not.toHaveBeenCalled();
  });

  it('shows why it does not know how to log in, and tries again', async () => {
    let fails = true;
    show((url, init) => answerPaths({ '/api/me': fails ? 503 : sampleNobody('openid') })(url, init));
    await screen.findByText('Refused with 503');
    fails = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('link', { name: 'Log in with accounts.example.com' });
  });
});

describe('LoginPage with a token', () => {
  const withLogin = (login: () => Response) => {
    const sent: unknown[] = [];
    const ask: typeof fetch = (url, init) => {
      if (url !== '/api/auth/login') return answerPaths({ '/api/me': sampleNobody('token') })(url, init);
      sent.push(typeof init?.body === 'string' ? JSON.parse(init.body) : null);
      return Promise.resolve(login());
    };
    return { sent, ask };
  };
  const paste = async (text: string) => {
    fireEvent.change(await screen.findByLabelText(/Kubernetes token/), { target: { value: text } });
    fireEvent.click(screen.getByRole('button', { name: 'Log in' }));
  };

  it('sends what was pasted, tidied, and goes on to where it should', async () => {
    const { sent, ask } = withLogin(() => new Response(null, { status: 204 }));
    const leave = show(ask, 'to=/graph?find%3Dx');
    await paste('  Bearer abc.\n def ');
    await waitFor(() => expect(leave).toHaveBeenCalledWith('/graph?find=x'));
    expect(sent).toEqual([{ token: 'abc.def' }]);
  });

  it('says why it was refused, and stays', async () => {
    const problem = { title: 'Not logged in', detail: 'The API does not know this token.', next: 'Make a fresh one.' };
    const { ask } = withLogin(() => new Response(JSON.stringify(problem), { status: 401 }));
    const leave = show(ask);
    await paste('abc');
    await screen.findByText('The API does not know this token.');
    expect(leave).not.toHaveBeenCalled();
    expect(screen.getByRole('button', { name: 'Log in' }).hasAttribute('disabled')).toBe(false);
  });

  it('asks for a token before it asks the server', async () => {
    const { sent, ask } = withLogin(() => new Response(null, { status: 204 }));
    show(ask);
    await paste('   ');
    expect(screen.getByText('Paste a token first.')).toBeTruthy();
    expect(sent).toEqual([]);
  });

  it('hides the token until it is wanted', async () => {
    show(withLogin(() => new Response(null, { status: 204 })).ask);
    const input = await screen.findByLabelText(/Kubernetes token/);
    expect(input.getAttribute('type')).toBe('password');
    fireEvent.click(screen.getByRole('button', { name: 'Show the token' }));
    expect(input.getAttribute('type')).toBe('text');
    fireEvent.click(screen.getByRole('button', { name: 'Hide the token' }));
    expect(input.getAttribute('type')).toBe('password');
  });
});

describe('words of a failed login', () => {
  it('know codes, and take no inherited name for one', () => {
    expect(wordFailure('clockSkew').title).toContain('clocks');
    expect(wordFailure('constructor').title).toBe('The login did not succeed');
    expect(wordFailure(null).title).toBe('The login did not succeed');
    expect(decodeFailureCode('noGroupMatches')).toBe('noGroupMatches');
    for (const bad of ['', 'a b', '<x>', 'x'.repeat(65), '1a']) expect(decodeFailureCode(bad)).toBeNull();
  });
  it('take a token out of what a terminal makes of it', () => {
    expect(decodePastedToken('Bearer  a.b\r\n.c')).toBe('a.b.c');
    expect(decodePastedToken('bearertoken')).toBe('bearertoken');
  });
});
