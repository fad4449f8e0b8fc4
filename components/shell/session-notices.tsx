'use client';
// Notices about the session as alerts; loaded when there is something to say. In: which one. Out: an alert.
import { Alert, AlertActionCloseButton } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import type { ReactNode } from 'react';
import type { MeDocument } from '../../model/account';
import { formatClock } from '../ui/format';
import type { SessionNotice } from './session-words';

interface Props {
  readonly notice: SessionNotice;
  readonly me: MeDocument;
  readonly onLogin: () => void;
  readonly onClose: () => void;
}

export function SessionNoticeAlert({ notice, me, onLogin, onClose }: Props): ReactNode {
  const login = (
    <Button variant="link" isInline onClick={onLogin}>
      Log in again
    </Button>
  );
  const close = <AlertActionCloseButton onClose={onClose} />;
  switch (notice.kind) {
    case 'ended':
      return (
        <Alert isInline variant="warning" title="Your session has ended" component="h2" actionLinks={login}>
          This page is not updated any more. A new login comes back to exactly this view.
        </Alert>
      );
    case 'ending':
      return (
        <Alert
          isInline
          variant="info"
          title={`Your session ends ${notice.inWords}, at ${formatClock(notice.endsAtMs)}`}
          component="h2"
          actionLinks={login}
          actionClose={close}
        >
          Log in again now and nothing is interrupted.
        </Alert>
      );
    case 'anonymous':
      return (
        <Alert
          isInline
          variant="info"
          title={`Nobody logs in here: everybody may see ${me.isAdmin ? 'and change everything' : 'everything'}`}
          component="h2"
          actionClose={close}
        />
      );
  }
}
