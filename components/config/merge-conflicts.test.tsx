// @vitest-environment jsdom
// The side-by-side view of conflicts: both sides are read, one button decides, nothing is shown where nothing is left.

import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { mergeTexts } from './editor/merge-text';
import { MergeConflicts } from './merge-conflicts';

afterEach(cleanup);

const MERGED = mergeTexts('a: 1\nb: 2\n', 'a: mine\nb: 2\n', 'a: theirs\nb: 2\n').text;

it('decides a place by one button', () => {
  const onText = vi.fn();
  render(<MergeConflicts text={MERGED} onText={onText} />);
  screen.getByRole('heading', { name: /Decide 1 place/ });
  screen.getByText('a: mine');
  screen.getByText('a: theirs');
  fireEvent.click(screen.getByRole('button', { name: 'Take the cluster’s, line 1' }));
  expect(onText).toHaveBeenCalledWith('a: theirs\nb: 2\n');
});

it('says nothing of a text without conflicts', () => {
  const { container } = render(<MergeConflicts text={'a: 1\n'} onText={vi.fn()} />);
  expect(container.textContent).toBe('');
});
