// A console behind a simulated OpenID provider, as a company runs it: people have roles, the console writes in their name.
// In: a mesh, settings. Out: the console, the provider; the login of a person.
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

/** Its console has the rights of its own service account (context `heddle`) and acts as whoever is logged in. */
export async function openCompany(mesh: Mesh, environment: Readonly<Record<string, string>> = {}): Promise<Company> {
  const port = await findFreePort();
  const plan = buildConsoleLogin([`http://127.0.0.1:${port}`]);
  const provider = await startOpenIdProvider({ port: 0, clients: [plan.client] });
  try {
    const running = await startConsole({
      prometheus: mesh.prometheus,
      kubeconfig: mesh.kubeconfig,
      port,
      environment: { ...plan.settingsFor(provider.issuer).environment, HEDDLE_KUBERNETES_CONTEXT: 'heddle', ...environment },
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
