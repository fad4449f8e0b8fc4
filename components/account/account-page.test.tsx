// @vitest-environment jsdom
// Tests of the account: who, rights by icon and word, YAML to copy, the doctor gravest first, failures beside what is known.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MeDocument } from '../../model/account';
import type { SessionState } from '../live/session-store';
import { AccountPage } from './account-page';
import { answerPaths, sampleAccess, sampleDoctor, sampleMe, sampleNobody } from './sample-account';

afterEach(cleanup);

const open = (me: MeDocument): SessionState => ({ status: 'open', me, refused: false, problem: null });
const both = { '/api/access': sampleAccess(), '/api/auth/doctor': sampleDoctor() };

function show(session: SessionState, ask: typeof fetch, namespace = '') {
  const onNamespace = vi.fn();
  const view = render(
    <AccountPage session={session} namespace={namespace} onNamespace={onNamespace} known={['shop', 'bank']} fetch={ask} />,
  );
  return { onNamespace, view };
}

describe('AccountPage', () => {
  it('says who, with which groups and rights, and until when', () => {
    show(open(sampleMe({ isAdmin: true, sees: 'all', endsAtMs: Date.now() + 3 * 3_600_000 })), answerPaths(both));
    const who = screen.getByRole('region', { name: 'Who you are' });
    expect(who.textContent).toContain('ada@example.com');
    expect(who.textContent).toContain('Administrator, sees all namespaces');
    expect(who.textContent).toContain('Groups (2)');
    expect(who.textContent).toMatch(/The session ends.*in 3.h/);
    expect(who.textContent).not.toContain('Without requests');
  });

  it('asks of the namespace of the address, and shows verbs by resources in words', async () => {
    const ask = vi.fn(answerPaths(both));
    show(open(sampleMe()), ask, 'shop');
    const table = await screen.findByRole('table', { name: 'What you may do in shop' });
    expect(ask.mock.calls.map(([url]) => url)).toContain('/api/access?namespace=shop');
    const row = within(table).getByRole('row', { name: /destinationrules/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['–not used', 'yes', '–not used', '–not used', '–not used', 'no', '–not used']);
  });

  it('gives the YAML to ask for, and a button that copies it', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    show(open(sampleMe()), answerPaths(both), 'shop');
    const request = await screen.findByRole('region', { name: 'What to ask an administrator of the cluster for' });
    fireEvent.click(within(request).getByRole('button', { name: 'Copy the YAML' }));
    expect(writeText).toHaveBeenCalledWith('kind: Role');
    vi.unstubAllGlobals();
  });

  it('takes any name of a namespace, and asks nothing for what is none', async () => {
    const ask = vi.fn(answerPaths(both));
    const { onNamespace } = show(open(sampleMe()), ask);
    const input = screen.getByLabelText('Namespace');
    fireEvent.change(input, { target: { value: 'Not/A name' } });
    fireEvent.click(screen.getByRole('button', { name: 'Check' }));
    expect(onNamespace).not.toHaveBeenCalled();
    expect(screen.getByText(/not the name of a namespace/)).toBeTruthy();
    fireEvent.change(input, { target: { value: ' treasury ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Check' }));
    expect(onNamespace).toHaveBeenCalledWith('treasury');
    await screen.findByRole('list', { name: 'Findings' });
    expect(ask.mock.calls.some(([url]) => typeof url === 'string' && url.startsWith('/api/access'))).toBe(false);
  });

  it('never asks for a namespace of the address that could not be one', async () => {
    const ask = vi.fn(answerPaths(both));
    show(open(sampleMe()), ask, 'a&namespace=b');
    await screen.findByRole('list', { name: 'Findings' });
    expect(ask.mock.calls.map(([url]) => url)).toEqual(['/api/auth/doctor']);
    expect(screen.getByText(/not the name of a namespace/)).toBeTruthy();
  });

  it('shows the doctor: gravest finding first, claims without secrets, roles that matched, a redirect URI that differs', async () => {
    show(open(sampleMe()), answerPaths(both));
    const findings = await screen.findByRole('list', { name: 'Findings' });
    expect(
      within(findings)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['Error: The redirect URI was refused.What to do: Register it.', 'In order: The clocks agree.']);
    expect(screen.getByRole('row', { name: /phone_number present, not shown/ })).toBeTruthy();
    expect(screen.getByRole('row', { name: 'viewer shop group mesh' })).toBeTruthy();
    expect(screen.getByRole('row', { name: 'admin all nothing of yours' })).toBeTruthy();
    expect(screen.getByText(/none of the configuration/)).toBeTruthy();
  });

  it('keeps one part when the other fails, and can try again', async () => {
    let fails = true;
    const ask = vi.fn<typeof fetch>((url, init) => answerPaths(fails ? { ...both, '/api/access': 502 } : both)(url, init));
    show(open(sampleMe()), ask, 'shop');
    await screen.findByText('The detail of /api/access.');
    await screen.findByRole('list', { name: 'Findings' });
    fails = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('table', { name: 'What you may do in shop' });
  });

  it('asks no doctor where nobody logs in', async () => {
    const ask = vi.fn(answerPaths(both));
    show(open(sampleNobody('anonymous')), ask, 'shop');
    await screen.findByRole('table', { name: 'What you may do in shop' });
    expect(screen.queryByText('Login doctor')).toBeNull();
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
