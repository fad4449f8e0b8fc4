// /account: who one is, what one may do, how the login went. In: the query string (read in the browser). Out: the page.
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AccountRoute } from '../../components/shell/account-route';

export const metadata: Metadata = { title: 'Account' };

export default function AccountPage(): ReactNode {
  return <AccountRoute />;
}
