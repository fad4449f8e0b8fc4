'use client';
// A text field with a list under it: hits, completions at the caret, presets. In: the text, groups of choices. Out: the combobox of one query.
// Arrow keys move through the list, Enter takes, Tab completes what was begun, Escape closes; errors stand below in words.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import TimesIcon from '@patternfly/react-icons/dist/esm/icons/times-icon';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import type { FindError } from '../../model/find/expression';
import type { HealthStatus } from '../../model/health';
import { HealthIcon } from '../ui/health-status';
import styles from './find.module.css';

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly health?: HealthStatus | null;
  /** Text and caret after it is taken; absent: taking it closes the list. */
  readonly next?: { readonly text: string; readonly caret: number };
  readonly onTake?: () => void;
}

export interface ChoiceGroup {
  readonly title: string;
  readonly choices: readonly Choice[];
  /** Said under the choices. */
  readonly note?: string;
  /** Completes a word that was begun: Tab takes the first. */
  readonly completes?: boolean;
}

interface Props {
  readonly id: string;
  readonly name: string;
  readonly placeholder: string;
  readonly text: string;
  /** Shown inside, at the end. */
  readonly count?: string | undefined;
  readonly error: (draft: string) => FindError | null;
  readonly groups: (draft: string, caret: number) => readonly ChoiceGroup[];
  /** While typing, after a pause; absent: only when typing is over. */
  readonly onTyped?: (text: string) => void;
  /** Enter, or the field is left. True: nothing else happens; false: the first choice is taken. */
  readonly onDone: (text: string, by: 'enter' | 'leave') => boolean;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
  /** Beside the field. */
  readonly help: ReactNode;
  /** Said below the field. */
  readonly note: string;
}

const WRITE_DELAY_MS = 200;

export function QueryField(props: Props): ReactNode {
  const { id, name, placeholder, text, count, onTyped, onDone, inputRef, help, note } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const root = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const listId = useId();
  const errorId = useId();
  const shown = draft ?? text;
  const error = props.error(shown);
  const groups = open
    ? props.groups(shown, Math.min(caret, shown.length)).filter(({ choices, note: said }) => choices.length > 0 || said !== undefined)
    : [];
  // While something can be chosen, an unfinished expression is no fault yet.
  const told = error !== null && groups.length === 0 ? error : null;
  const choices = groups.flatMap((group) => group.choices);
  const input = (): HTMLInputElement | null => root.current?.querySelector('input') ?? null;

  useEffect(() => {
    const onOutside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', onOutside);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      if (timer.current !== null) clearTimeout(timer.current);
    };
  }, []);
  useEffect(() => {
    if (active >= 0) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, listId]);

  const stopTimer = (): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  const type = (next: string, at: number): void => {
    setDraft(next);
    setCaret(at);
    setActive(-1);
    setOpen(true);
    stopTimer();
    if (onTyped === undefined) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      if (props.error(next) === null) onTyped(next);
    }, WRITE_DELAY_MS);
  };
  /** Typing is over; what cannot be read stays in the field with its error. */
  const finish = (next: string, by: 'enter' | 'leave'): boolean => {
    stopTimer();
    if (props.error(next) !== null) return true;
    const done = onDone(next, by);
    setDraft(null);
    return done;
  };
  const take = (choice: Choice): void => {
    const { next } = choice;
    if (next === undefined) {
      setOpen(false);
      setDraft(null);
      stopTimer();
    } else {
      type(next.text, next.caret);
      requestAnimationFrame(() => {
        input()?.focus();
        input()?.setSelectionRange(next.caret, next.caret);
      });
    }
    choice.onTake?.();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = choices[active];
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        if (!open) {
          setOpen(true);
          return;
        }
        const count = choices.length;
        if (count > 0) setActive((at) => (event.key === 'ArrowDown' ? (at + 1) % count : at <= 0 ? count - 1 : at - 1));
        return;
      }
      case 'Enter':
        event.preventDefault();
        if (chosen !== undefined) take(chosen);
        else if (!finish(shown, 'enter') && choices[0] !== undefined) take(choices[0]);
        else setOpen(false);
        return;
      case 'Tab': {
        const completion = chosen?.next === undefined ? groups.find(({ completes }) => completes === true)?.choices[0] : chosen;
        if (!open || event.shiftKey || completion?.next === undefined || completion.next.text === shown) return;
        event.preventDefault();
        take(completion);
        return;
      }
      case 'Escape':
        if (!open && draft === null) return;
        event.stopPropagation();
        setOpen(false);
        setActive(-1);
        return;
      default:
        return;
    }
  };
  const clear = (): void => {
    stopTimer();
    setDraft(null);
    onDone('', 'enter');
    input()?.focus();
  };
  let place = -1;

  return (
    <div ref={root} className={styles['field']}>
      <div className={`${styles['box']} ${told === null ? '' : styles['wrong']}`}>
        <input
          id={id}
          ref={inputRef}
          className={styles['input']}
          type="text"
          role="combobox"
          aria-label={name}
          aria-expanded={open && groups.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-invalid={told !== null}
          aria-describedby={told === null ? undefined : errorId}
          aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
          placeholder={placeholder}
          value={shown}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => type(event.currentTarget.value, event.currentTarget.selectionStart ?? event.currentTarget.value.length)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onKeyDown={onKeyDown}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setActive(-1);
            if (draft !== null) finish(draft, 'leave');
          }}
        />
        {count === undefined ? null : (
          <span className={styles['count']} aria-hidden>
            {count}
          </span>
        )}
        {shown === '' ? null : (
          <Button variant="plain" size="sm" icon={<TimesIcon />} aria-label={`Clear ${id}`} title="Clear" onClick={clear} />
        )}
        {help}
      </div>
      <span role="status" className="pf-v6-screen-reader">
        {note}
      </span>
      {told === null ? null : (
        <p id={errorId} role="alert" className={styles['error']}>
          {told.message}
          {told.length > 0 && shown.length > told.length ? ` (at character ${told.at + 1})` : ''}. {told.hint}
        </p>
      )}
      <div
        id={listId}
        role="listbox"
        aria-label={`${name}: suggestions`}
        className={styles['list']}
        hidden={!open || groups.length === 0}
        // The field keeps the focus.
        onPointerDown={(event) => event.preventDefault()}
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options inside a listbox
          <div key={group.title} role="group" aria-label={group.title} className={styles['group']}>
            <div className={styles['title']} aria-hidden>
              {group.title}
            </div>
            {group.choices.map((choice) => {
              place++;
              const at = place;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's, which keeps the focus
                <div
                  key={choice.key}
                  id={`${listId}-${at}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={at === active}
                  className={`${styles['choice']} ${at === active ? styles['active'] : ''}`}
                  onClick={() => take(choice)}
                >
                  {choice.health === undefined || choice.health === null ? null : <HealthIcon status={choice.health} />}
                  <span className={styles['label']}>{choice.label}</span>
                  <span className={styles['detail']}>{choice.detail}</span>
                </div>
              );
            })}
            {group.note === undefined ? null : <div className={styles['said']}>{group.note}</div>}
          </div>
        ))}
      </div>
    </div>
  );
}
