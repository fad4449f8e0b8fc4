// @vitest-environment jsdom
// Tests of the explanation of an unknown node and of the code tables: cause, fix to copy, flags in words.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ExplanationCard } from './explanation-card';
import { ResponseTables } from './response-tables';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const explanation = {
  code: 'noSidecar',
  what: 'Callers without a sidecar',
  cause: 'Pods of monitoring carry no proxy.',
  fix: 'Let the namespace join:\nkubectl label namespace monitoring istio-injection=enabled',
} as const;

describe('ExplanationCard', () => {
  it('says what, why and what to do, and copies the command alone', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    render(<ExplanationCard explanation={explanation} />);
    expect(screen.getByText(/Callers without a sidecar/)).toBeTruthy();
    expect(screen.getByText('Pods of monitoring carry no proxy.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Copy the command' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Copied'));
    expect(writeText).toHaveBeenCalledWith('kubectl label namespace monitoring istio-injection=enabled');
  });

  it('says when the browser has no clipboard', async () => {
    vi.stubGlobal('navigator', {});
    render(<ExplanationCard explanation={explanation} />);
    fireEvent.click(screen.getByRole('button', { name: 'Copy the command' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('The browser refuses to copy'));
  });
});

describe('ResponseTables', () => {
  const rows = [
    { code: '200', flags: '-', host: 'a.example', requestsPerSecond: 3 },
    { code: '503', flags: 'UO', host: 'a.example', requestsPerSecond: 1 },
  ];
  it('names codes, explains flags, lists hosts', () => {
    render(<ResponseTables name="Received" rows={rows} protocol="http" />);
    expect(within(screen.getByRole('table', { name: 'Received: codes' })).getByText('Service unavailable')).toBeTruthy();
    fireEvent.click(screen.getByRole('tab', { name: 'Flags (1)' }));
    expect(screen.getByText(/Upstream overflow \(circuit breaker\)/)).toBeTruthy();
    fireEvent.click(screen.getByRole('tab', { name: 'Hosts (1)' }));
    expect(within(screen.getByRole('table', { name: 'Received: hosts' })).getByText('a.example')).toBeTruthy();
  });
});
