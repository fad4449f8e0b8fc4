'use client';
// One panel over the whole page; closed by Escape or its button. In: a title, the panel. Out: a modal dialog.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './dashboards.module.css';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function WideDialog({ title, onClose, children }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} className={styles['wide']} aria-label={title} onClose={onClose}>
      <div className={styles['wideHead']}>
        <Button variant="plain" icon={<TimesIcon />} aria-label="Close" onClick={() => dialog.current?.close()} />
      </div>
      {children}
    </dialog>
  );
}
