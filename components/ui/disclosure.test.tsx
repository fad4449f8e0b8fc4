// @vitest-environment jsdom
// Tests of disclosure and choice-group: every way to close, focus back on the button, groups with names.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CheckGroup, RadioGroup } from './choice-group';
import { Disclosure } from './disclosure';

afterEach(cleanup);

function show(onEscape = vi.fn()) {
  render(
    // biome-ignore lint/a11y/noStaticElementInteractions: stands for the page around
    <div onKeyDown={onEscape}>
      <Disclosure label="Labels" name="Labels on the edges">
        {(close) => (
          <button type="button" onClick={close}>
            Done
          </button>
        )}
      </Disclosure>
      <button type="button">elsewhere</button>
    </div>,
  );
  const button = screen.getByRole('button', { name: 'Labels on the edges' });
  fireEvent.click(button);
  return button;
}
const isOpen = (): boolean => screen.queryByRole('dialog', { name: 'Labels on the edges' }) !== null;

describe('Disclosure', () => {
  it('opens and closes by its button and says so', () => {
    const button = show();
    expect(isOpen()).toBe(true);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    fireEvent.click(button);
    expect(isOpen()).toBe(false);
    expect(button.getAttribute('aria-expanded')).toBe('false');
  });

  it('closes by Escape, gives the focus back and keeps the key to itself', () => {
    const onEscape = vi.fn();
    const button = show(onEscape);
    screen.getByText('Done').focus();
    fireEvent.keyDown(screen.getByText('Done'), { key: 'Escape' });
    expect(isOpen()).toBe(false);
    expect(document.activeElement).toBe(button);
    expect(onEscape).not.toHaveBeenCalled();
    fireEvent.keyDown(button, { key: 'Escape' });
    expect(onEscape).toHaveBeenCalledTimes(1);
  });

  it('closes by a press outside, by leaving it with the focus, and by its own content', () => {
    const button = show();
    fireEvent.pointerDown(screen.getByText('Done'));
    expect(isOpen()).toBe(true);
    fireEvent.pointerDown(screen.getByText('elsewhere'));
    expect(isOpen()).toBe(false);
    fireEvent.click(button);
    fireEvent.focusIn(screen.getByText('elsewhere'));
    expect(isOpen()).toBe(false);
    fireEvent.click(button);
    fireEvent.click(screen.getByText('Done'));
    expect(isOpen()).toBe(false);
    expect(document.activeElement).toBe(button);
  });
});

describe('groups', () => {
  it('name themselves and report the choice', () => {
    const onToggle = vi.fn();
    const onChoose = vi.fn();
    const choices = [
      { value: 'a', label: 'First', hint: 'why' },
      { value: 'b', label: 'Second' },
    ] as const;
    render(
      <>
        <CheckGroup legend="Several" choices={choices} chosen={['a']} onToggle={onToggle} />
        <RadioGroup legend="One" choices={choices} chosen="a" onChoose={onChoose} />
      </>,
    );
    expect(screen.getByRole('group', { name: 'Several' })).toBeTruthy();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Second' }));
    fireEvent.click(screen.getByRole('radio', { name: 'Second' }));
    expect(onToggle).toHaveBeenCalledWith('b');
    expect(onChoose).toHaveBeenCalledWith('b');
  });
});
