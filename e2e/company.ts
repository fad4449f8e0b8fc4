// A console with a login: a simulated OpenID provider, and the production build that trusts it. In: a mesh, how long tokens live, the
// addresses that browsers use. Out: Company, and the way of a person through the login.
import type { Page } from '@playwright/test';
import { buildConsoleLogin } from '../sim/openid/console-login';
import { type OpenIdProvider, startOpenIdProvider } from '../sim/openid/provider';
import { findFreePort } from './child';
import { type RunningConsole, startConsole } from './console';
import type { Mesh } from './mesh';

export interface Company {
  readonly provider: OpenIdProvider;
  readonly console: RunningConsole;
  close(): Promise<void>;
}

export interface CompanyOptions {
  /** Life of the provider's tokens. */
  readonly tokenSeconds: number;
  /** Default `/`. */
  readonly basePath?: string;
  /** Port of the console; default: a free one. */
  readonly port?: number;
  /** Addresses of the console with its base path; default: where it listens. */
  readonly publicUrls?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a provider of its own and a console behind it. */
export async function openCompany(mesh: Mesh, options: CompanyOptions): Promise<Company> {
  const { tokenSeconds, basePath = '/', environment = {} } = options;
  const port = options.port ?? (await findFreePort());
  const plan = buildConsoleLogin(options.publicUrls ?? [`http://127.0.0.1:${port}${basePath}`]);
  const provider = await startOpenIdProvider({
    port: 0,
    clients: [plan.client],
    lifetimes: { idTokenSeconds: tokenSeconds, accessTokenSeconds: tokenSeconds },
  });
  try {
    const running = await startConsole({
      prometheus: mesh.prometheus,
      kubeconfig: mesh.kubeconfig,
      port,
      basePath,
      environment: { ...plan.settingsFor(provider.issuer).environment, ...environment },
    });
    return {
      provider,
      console: running,
      close: async () => {
        await running.close();
        await provider.close();
      },
    };
  } catch (error) {
    await provider.close();
    throw error;
  }
}

/** From wherever the console sent the page: the button, then the person at the provider. */
export async function logIn(page: Page, person: string): Promise<void> {
  await page.getByRole('link', { name: /^Log in|^Try again/ }).click();
  await page.getByRole('button', { name: new RegExp(person) }).click();
}

/** How often tokens were renewed so far. */
export async function countRefreshes(page: Page, url: string): Promise<number> {
  const text = await (await page.request.get(`${url}/metrics`)).text();
  return Number(/heddle_auth_events_total\{[^}]*event="refresh"[^}]*outcome="ok"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}
