'use client';
// For somebody who is known and may see no namespace: who they are, and where it is said why. In: MeDocument. Out: a full state.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { MeDocument } from '../../model/account';
import { plural } from '../ui/format';

export function NoSight({ me }: { readonly me: MeDocument }): ReactNode {
  const { user } = me;
  return (
    <EmptyState
      icon={LockIcon}
      variant="lg"
      headingLevel="h1"
      titleText={user === null ? 'Nobody may see a namespace here' : `You are logged in as ${user.name}, but may see no namespace`}
    >
      <EmptyStateBody>
        {user === null ? (
          <p>This console has no login, and its configuration (`auth.anonymousRole`, `access.roles`) lets nobody see anything.</p>
        ) : (
          <p>
            The login went well, with {user.groups.length === 0 ? 'no group' : plural(user.groups.length, 'group')}. No role and no rule of
            the cluster gives {user.groups.length === 0 ? 'you' : 'you or your groups'} a namespace.
          </p>
        )}
        <p>Your account page says what the login brought, what was looked for, and what to ask an administrator for.</p>
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="primary" component={(props) => <Link {...props} href="/account" />}>
            Find out why
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
