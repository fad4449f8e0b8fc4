// /login: how to log in, and why a login did not succeed. In: the query string (read in the browser). Out: the page, outside of the frame.
import type { Metadata } from 'next';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { LoginPage } from '../../components/login/login-page';
import { runtime } from '../../server/runtime';

export const metadata: Metadata = { title: 'Log in' };

export default async function LoginRoute(): Promise<ReactNode> {
  // What is said depends on the configuration of the process that serves it, not of the one that built it.
  await connection();
  return <LoginPage issuerHost={runtime().login.providerHost} />;
}
