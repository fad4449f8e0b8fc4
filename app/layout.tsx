// The document around every page: styles once, the theme before paint, the frame. In: the page. Out: <html>.
// Every page is rendered per request: the Content-Security-Policy (proxy.ts) wants a new nonce each time.
import '@patternfly/react-core/dist/styles/base.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { AppShell } from '../components/shell/app-shell';
import { THEME_SCRIPT } from '../components/shell/theme';

export const metadata: Metadata = {
  title: { default: 'Heddle', template: '%s · Heddle' },
  description: 'See and steer an Istio service mesh.',
  robots: { index: false, follow: false },
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { readonly children: ReactNode }): Promise<ReactNode> {
  await connection();
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, run before paint */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <AppShell>{children}</AppShell>
      </body>
    </html>
  );
}
