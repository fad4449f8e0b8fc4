'use client';
// A button that shows a small panel under itself (checkboxes, choices); closed by Escape, a click outside or leaving it with Tab.
// In: the button's text, the panel's content. Out: both. A group of ordinary controls, so that every key works as everywhere.
import { MenuToggle } from '@patternfly/react-core/dist/esm/components/MenuToggle';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import styles from './disclosure.module.css';

interface Props {
  readonly label: ReactNode;
  /** Name of the button and the panel for screen readers, where the label alone does not say it. */
  readonly name: string;
  readonly icon?: ReactNode;
  readonly variant?: 'default' | 'plain' | 'plainText';
  readonly align?: 'start' | 'end';
  readonly className?: string;
  /** A panel of several columns. */
  readonly wide?: boolean;
  readonly onOpen?: () => void;
  /** Content; `close` puts the focus back on the button. */
  readonly children: (close: () => void) => ReactNode;
}

export function Disclosure(props: Props): ReactNode {
  const { label, name, icon, variant = 'default', align = 'start', className, wide = false, onOpen, children } = props;
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const buttonId = useId();
  const panelId = useId();

  useEffect(() => {
    if (!open) return undefined;
    const onOutside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
    };
  }, [open]);

  const close = (): void => {
    setOpen(false);
    document.getElementById(buttonId)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open || event.key !== 'Escape') return;
    // The page has its own meaning of Escape (clear the selection).
    event.stopPropagation();
    close();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is caught for the controls inside, the box itself is not interactive
    <div ref={root} className={`${styles['root']} ${className ?? ''}`} onKeyDown={onKeyDown}>
      <MenuToggle
        id={buttonId}
        isExpanded={open}
        variant={variant}
        aria-label={name}
        aria-haspopup="dialog"
        aria-controls={open ? panelId : undefined}
        title={variant === 'plain' ? name : undefined}
        {...(icon === undefined ? {} : { icon })}
        onClick={() => {
          if (!open) onOpen?.();
          setOpen(!open);
        }}
      >
        {label}
      </MenuToggle>
      {open ? (
        <div
          id={panelId}
          role="dialog"
          aria-label={name}
          className={`${styles['panel']} ${align === 'end' ? styles['end'] : ''} ${wide ? styles['wide'] : ''}`}
        >
          {children(close)}
        </div>
      ) : null}
    </div>
  );
}
