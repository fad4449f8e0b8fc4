'use client';
// The end of a session: the page stays as it is behind a dialog whose login comes back to exactly here. In: who it was. Out: the dialog.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import type { ReactNode } from 'react';
import type { MeDocument } from '../../model/account';
import styles from './session-dialog.module.css';

interface Props {
  readonly me: MeDocument | null;
  readonly onLogin: () => void;
  readonly onClose: () => void;
}

export function SessionDialog({ me, onLogin, onClose }: Props): ReactNode {
  const name = me?.user?.name;
  return (
    <Modal
      isOpen
      variant="small"
      backdropClassName={styles['thin'] ?? ''}
      elementToFocus="#session-login"
      aria-labelledby="session-ended"
      aria-describedby="session-ended-text"
      onClose={onClose}
    >
      <ModalHeader title="Your session has ended" labelId="session-ended" titleIconVariant="info" />
      <ModalBody id="session-ended-text">
        <p>
          {name === undefined ? 'The console does not know you any more' : `The console does not know you as ${name} any more`}: the session
          ran out, was logged out in another tab, or was ended by the provider.
        </p>
        <p>Nothing on this page is lost, but it is not updated. A new login comes back to exactly this view.</p>
      </ModalBody>
      <ModalFooter>
        <Button id="session-login" variant="primary" onClick={onLogin}>
          Log in again
        </Button>
        <Button variant="link" onClick={onClose}>
          Stay on this page
        </Button>
      </ModalFooter>
    </Modal>
  );
}
