'use client';
// Asks before a page with unapplied text is left: by a link of the console, by closing or reloading the tab. In: whether there is such text.
// Out: a question. The text stays in this browser as a draft either way, unless it is discarded.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { type ReactNode, useEffect, useState } from 'react';

interface Props {
  readonly active: boolean;
  /** Whether the draft is kept by the browser: then a reload loses nothing and is not asked about. */
  readonly kept: boolean;
  readonly onDiscard: () => void;
  readonly onLeave: (href: string) => void;
  /** The console's own base path, which the router adds by itself. */
  readonly base: string;
}

/** The path within the console that a click would lead to; null where it leads elsewhere or opens another tab. */
export function readLeaving(event: MouseEvent, location: Location, base: string): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || (link.target !== '' && link.target !== '_self') || link.download !== '') return null;
  const to = new URL(link.href, location.href);
  if (to.origin !== location.origin || !to.pathname.startsWith(base)) return null;
  // The skip link, and the filters of this page.
  if (to.pathname === location.pathname) return null;
  return `${to.pathname.slice(base.length)}${to.search}${to.hash}`;
}

export function LeaveGuard({ active, kept, onDiscard, onLeave, base }: Props): ReactNode {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (!active) return undefined;
    const onClick = (event: MouseEvent): void => {
      const href = readLeaving(event, window.location, base);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(href);
    };
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (!kept) event.preventDefault();
    };
    document.addEventListener('click', onClick, { capture: true });
    window.addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('click', onClick, { capture: true });
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [active, kept, base]);
  if (wanted === null) return null;
  const close = (): void => setWanted(null);
  const go = (): void => {
    close();
    onLeave(wanted);
  };
  return (
    <Modal variant="small" isOpen onClose={close} aria-labelledby="leave-title" aria-describedby="leave-body">
      <ModalHeader title="Leave with changes that are not applied?" labelId="leave-title" />
      <ModalBody id="leave-body">
        {kept
          ? 'The text stays in this browser as a draft and is there again when you come back to this object.'
          : 'This browser keeps no drafts (its storage is blocked or full): the text is lost when you leave. Copy it first.'}
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={close}>
          Stay
        </Button>
        <Button variant="secondary" onClick={go}>
          {kept ? 'Leave and keep the draft' : 'Leave'}
        </Button>
        {kept ? (
          <Button
            variant="link"
            isDanger
            onClick={() => {
              onDiscard();
              go();
            }}
          >
            Leave and discard the draft
          </Button>
        ) : null}
      </ModalFooter>
    </Modal>
  );
}
