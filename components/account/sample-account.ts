// Documents of an account for the tests of what shows them. In: what differs. Out: MeDocument, DoctorDocument, AccessDocument, a server that answers them.
import type { AccessDocument, Deed, DoctorDocument, MeDocument } from '../../model/account';

export const sampleMe = (change: Partial<MeDocument> = {}): MeDocument => ({
  strategy: 'openid',
  user: { name: 'ada@example.com', groups: ['mesh', 'shop'] },
  endsAtMs: null,
  idleEndsAtMs: null,
  csrfToken: 'csrf',
  sees: 'some',
  isAdmin: false,
  ...change,
});

/** Nobody, where a login by `strategy` is needed. */
export const sampleNobody = (strategy: MeDocument['strategy']): MeDocument =>
  sampleMe({ strategy, user: null, csrfToken: null, sees: strategy === 'anonymous' ? 'all' : 'none' });

export const sampleDoctor = (change: Partial<DoctorDocument> = {}): DoctorDocument => ({
  strategy: 'openid',
  atMs: 1_000,
  claims: [
    { name: 'email', value: 'ada@example.com' },
    { name: 'phone_number', value: null },
  ],
  username: { claim: 'email', value: 'ada@example.com' },
  groups: { claim: 'groups', values: ['mesh'] },
  roles: [
    { role: 'viewer', namespaces: ['shop'], matchedBy: ['group mesh'] },
    { role: 'admin', namespaces: ['*'], matchedBy: [] },
  ],
  redirectUri: { used: 'https://a.example/api/auth/callback', expected: ['https://b.example/api/auth/callback'] },
  findings: [
    { severity: 'ok', code: 'clockAgrees', text: 'The clocks agree.', fix: null },
    { severity: 'error', code: 'redirectUriMismatch', text: 'The redirect URI was refused.', fix: 'Register it.' },
  ],
  ...change,
});

const deed = (verb: Deed['verb'], resource: string, group: string): Deed => ({ verb, resource, group, namespace: 'shop' });

export const sampleAccess = (change: Partial<AccessDocument> = {}): AccessDocument => ({
  namespace: 'shop',
  sees: true,
  deeds: [
    { deed: deed('list', 'services', ''), allowed: true },
    { deed: deed('patch', 'virtualservices', 'networking.istio.io'), allowed: true },
    { deed: deed('patch', 'destinationrules', 'networking.istio.io'), allowed: false },
    { deed: deed('list', 'destinationrules', 'networking.istio.io'), allowed: true },
  ],
  request: { kind: 'kubernetes', yaml: 'kind: Role' },
  ...change,
});

/** A fetch that answers paths (without query) with documents; a number is an error of that status, what is not named answers 404. */
export function answerPaths(documents: Readonly<Record<string, unknown>>): typeof fetch {
  return (url) => {
    const path = new URL(url instanceof Request ? url.url : url, 'http://console.invalid').pathname;
    const body = documents[path] ?? 404;
    if (typeof body !== 'number') return Promise.resolve(new Response(JSON.stringify(body)));
    const problem = { title: `Refused with ${body}`, detail: `The detail of ${path}.`, next: 'The next step.' };
    return Promise.resolve(new Response(JSON.stringify(problem), { status: body }));
  };
}
