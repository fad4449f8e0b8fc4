'use client';
// A text box that searches or filters, with a count and a button to clear it. In: the text. Out: the box.
// PatternFly's markup and styles without its SearchInput, which brings a popup, a form and Popper (18 KB) into the first load.
import '@patternfly/react-styles/css/components/TextInputGroup/text-input-group.css';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type KeyboardEvent, type ReactNode, type Ref, useRef } from 'react';
import styles from './search-box.module.css';

interface Props {
  readonly name: string;
  readonly text: string;
  readonly placeholder: string;
  readonly onText: (text: string) => void;
  /** Number of hits, shown while there is a text. */
  readonly count?: number;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly onFocus?: () => void;
  readonly focusAtOnce?: boolean;
  readonly className?: string | undefined;
}

export function SearchBox(props: Props): ReactNode {
  const { name, text, placeholder, onText, count, inputRef, onKeyDown, onFocus, focusAtOnce = false, className } = props;
  const main = useRef<HTMLDivElement>(null);
  const clear = (): void => {
    onText('');
    main.current?.querySelector('input')?.focus();
  };
  return (
    <div className={`pf-v6-c-text-input-group ${className ?? ''}`}>
      <div ref={main} className="pf-v6-c-text-input-group__main pf-m-icon">
        <span className="pf-v6-c-text-input-group__text">
          <span className="pf-v6-c-text-input-group__icon">
            <SearchIcon aria-hidden />
          </span>
          <input
            ref={inputRef}
            className="pf-v6-c-text-input-group__text-input"
            type="text"
            aria-label={name}
            placeholder={placeholder}
            value={text}
            // biome-ignore lint/a11y/noAutofocus: only in a panel that the reader has just opened
            autoFocus={focusAtOnce}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onFocus={onFocus}
          />
        </span>
      </div>
      {text === '' ? null : (
        <div className="pf-v6-c-text-input-group__utilities">
          {count === undefined ? null : (
            <span className={styles['count']} aria-hidden>
              {count}
            </span>
          )}
          <Button variant="plain" icon={<TimesIcon />} aria-label="Clear" title="Clear" onClick={clear} />
        </div>
      )}
    </div>
  );
}
