// The mark of Heddle: a loom's heddles, three wires between two shafts, with a thread through their eyes. In: nothing. Out: SVG.
import type { ReactNode } from 'react';

/** Decorative; the wordmark beside it is the name. */
export function Logo({ className }: { readonly className?: string | undefined }): ReactNode {
  return (
    <svg className={className} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
        <path d="M4 4.5h24M4 27.5h24" strokeWidth="2.6" />
        <path d="M9 5v6.2M9 17.8V27M16 5v9.7M16 21.3V27M23 5v4.2M23 15.8V27" />
        <path d="M9 11.2c2 1.6 2 5 0 6.6c-2-1.6-2-5 0-6.6zM16 14.7c2 1.6 2 5 0 6.6c-2-1.6-2-5 0-6.6zM23 9.2c2 1.6 2 5 0 6.6c-2-1.6-2-5 0-6.6z" />
      </g>
      <path
        d="M1.5 13c3.4 0 4.6 1.5 7.5 1.5s4.6 3.5 7 3.5 4.2-5.5 7-5.5 4.5 2.5 7.5 2.5"
        fill="none"
        stroke="var(--heddle-thread, #e8762d)"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
