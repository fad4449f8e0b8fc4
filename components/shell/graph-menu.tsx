'use client';
// The menu of an element of the graph: right click, long press, the menu key. In: the element, where. Out: what was chosen; closes by itself.
import Link from 'next/link';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import styles from './graph-menu.module.css';

export interface MenuItem {
  readonly label: string;
  /** Leads to another page, or does something here. */
  readonly href?: string;
  readonly onChoose?: () => void;
}

interface Props {
  readonly name: string;
  readonly items: readonly MenuItem[];
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function GraphMenu({ name, items, at, onClose }: Props): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);

  useLayoutEffect(() => {
    const box = root.current?.getBoundingClientRect();
    if (box === undefined) return;
    // Inside the window, whatever the corner.
    setPlace({
      x: Math.max(4, Math.min(at.x, window.innerWidth - box.width - 4)),
      y: Math.max(4, Math.min(at.y, window.innerHeight - box.height - 4)),
    });
    root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [at]);
  useEffect(() => {
    const onOutside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) onClose();
    };
    document.addEventListener('pointerdown', onOutside);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      window.removeEventListener('resize', onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const stops = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const now = document.activeElement instanceof HTMLElement ? stops.indexOf(document.activeElement) : -1;
    const go = (to: number): void => {
      event.preventDefault();
      stops[(to + stops.length) % stops.length]?.focus();
    };
    const letter = event.key.toLowerCase();
    switch (event.key) {
      case 'ArrowDown':
        go(now + 1);
        break;
      case 'ArrowUp':
        go(now - 1);
        break;
      case 'Home':
        go(0);
        break;
      case 'End':
        go(stops.length - 1);
        break;
      case 'Escape':
      case 'Tab':
        event.preventDefault();
        event.stopPropagation();
        onClose();
        break;
      default:
        if (letter.length !== 1 || letter === ' ') return;
        [...stops.slice(now + 1), ...stops.slice(0, now + 1)].find((stop) => stop.textContent.toLowerCase().startsWith(letter))?.focus();
    }
  };

  return (
    <div
      ref={root}
      role="menu"
      tabIndex={-1}
      aria-label={name}
      className={styles['menu']}
      style={{ left: place.x, top: place.y }}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      <div className={styles['name']} aria-hidden>
        {name}
      </div>
      {items.map(({ label, href, onChoose }) =>
        href === undefined ? (
          <button
            key={label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={styles['item']}
            onClick={() => {
              onClose();
              onChoose?.();
            }}
          >
            {label}
          </button>
        ) : (
          <Link key={label} href={href} prefetch={false} role="menuitem" tabIndex={-1} className={styles['item']} onClick={onClose}>
            {label}
          </Link>
        ),
      )}
    </div>
  );
}
