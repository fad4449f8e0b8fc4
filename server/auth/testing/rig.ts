// A login desk with its provider, clock, browser and captured log, for tests. In: settings that differ. Out: Rig.

import { createLogger } from '../../log';
import type { ReviewPort } from '../../ports';
import { Secret } from '../../secret';
import { FakeClock } from '../../testing/fake-clock';
import type { AuthSettings, OpenidSettings } from '../auth-settings';
import { createLoginDesk } from '../create-login-desk';
import type { Identified, LoginDesk, Reply } from '../desk';
import { TestBrowser } from './browser';
import { startTestProvider, type TestProvider } from './provider';

export const KEY = 'k'.repeat(32);
export const ORIGIN = 'https://mesh.example.com';

export const BASE_SETTINGS: AuthSettings = {
  strategy: 'openid',
  basePath: '',
  publicUrls: [ORIGIN],
  port: 8080,
  servesTls: false,
  trustedProxies: [],
  sessionKeys: [new Secret(KEY)],
  sessionIdleMs: 2 * 3_600_000,
  sessionMaxMs: 12 * 3_600_000,
  usernameClaim: 'email',
  groupsClaim: 'groups',
  openid: null,
  header: null,
  accessMode: 'roles',
  userToken: 'id',
  roles: [
    { role: 'admin', groups: ['mesh-admins'], users: [], namespaces: ['*'] },
    { role: 'viewer', groups: ['dev'], users: ['bob@example.com'], namespaces: ['bookinfo'] },
  ],
};

export interface Rig {
  readonly clock: FakeClock;
  readonly provider: TestProvider;
  readonly desk: LoginDesk;
  readonly browser: TestBrowser;
  readonly lines: string[];
  /** Another replica: the same settings, its own memory. */
  replica(change?: Partial<AuthSettings>): LoginDesk;
  newBrowser(origin?: string): TestBrowser;
  /** Goes through a whole login; returns the answer of the callback. */
  login(to?: string, browser?: TestBrowser): Promise<Reply>;
  whoAmI(browser?: TestBrowser, desk?: LoginDesk): Promise<Identified>;
  close(): Promise<void>;
}

const noReviews: ReviewPort = { postReview: () => Promise.reject(new Error('no API server here')) };

export async function createRig(
  change: Partial<AuthSettings> = {},
  openid: Partial<OpenidSettings> = {},
  reviews: ReviewPort = noReviews,
): Promise<Rig> {
  // openid-client reads the real time: this clock begins there.
  const clock = new FakeClock(Date.now());
  const provider = await startTestProvider(clock);
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', format: 'json', now: () => clock.now(), write: (line) => lines.push(line) });
  const desks: LoginDesk[] = [];
  const replica = (more: Partial<AuthSettings> = {}): LoginDesk => {
    const settings: AuthSettings = {
      ...BASE_SETTINGS,
      openid: {
        issuer: provider.issuer,
        clientId: provider.clientId,
        clientSecret: new Secret(provider.clientSecret),
        scopes: ['openid', 'profile', 'email'],
        parameters: {},
        endpoints: { authorization: undefined, token: undefined, userinfo: undefined, jwks: undefined, endSession: undefined },
        allowedDomains: [],
        clockSkewSeconds: 10,
        caPem: null,
        ...openid,
      },
      ...change,
      ...more,
    };
    const desk = createLoginDesk({ settings, clock, log, reviews });
    desks.push(desk);
    return desk;
  };
  const desk = replica();
  const newBrowser = (origin = ORIGIN): TestBrowser => new TestBrowser(clock, origin);
  const browser = newBrowser();
  const whoAmI = async (who: TestBrowser = browser, at: LoginDesk = desk): Promise<Identified> => {
    const identified = await at.identify(who.request('/api/graph'));
    who.take(identified.setCookies);
    return identified;
  };
  return {
    clock,
    provider,
    desk,
    browser,
    lines,
    replica,
    newBrowser,
    whoAmI,
    login: async (to = '/graph', who = browser) => {
      const begun = who.takeReply(await desk.begin(who.request(`/api/auth/login?${new URLSearchParams({ to }).toString()}`)));
      const back = new URL(provider.approve(begun.location ?? ''));
      return who.takeReply(await desk.finish(who.request(back.pathname + back.search)));
    },
    close: async () => {
      await Promise.all(desks.map((one) => one.close()));
      await provider.close();
    },
  };
}
