'use client';
// The choices of a page of logs in its address. In: the address. Out: LogOptions with a setter.
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { SINCE_CHOICES, splitNames } from './log-choice';

type Since = (typeof SINCE_CHOICES)[number]['value'];

export interface LogOptionValues {
  readonly find: string;
  readonly isExpression: boolean;
  readonly hides: boolean;
  readonly since: Since;
  readonly layout: 'merged' | 'split';
  readonly shape: 'lines' | 'table';
  readonly pods: readonly string[];
  readonly containers: readonly string[];
  readonly fields: readonly string[];
  readonly wrap: boolean;
  readonly utc: boolean;
  readonly previous: boolean;
}
export interface LogOptions extends LogOptionValues {
  readonly set: (values: Partial<LogOptionValues>) => void;
}

/** Parameters of the address; '' = as by default. */
const encode = (values: Partial<LogOptionValues>): readonly (readonly [string, string])[] => {
  const texts: (readonly [string, string])[] = [];
  const flag = (name: string, value: boolean | undefined): void => {
    if (value !== undefined) texts.push([name, value ? 'true' : '']);
  };
  if (values.find !== undefined) texts.push(['logFind', values.find]);
  flag('logRegex', values.isExpression);
  flag('logMark', values.hides === undefined ? undefined : !values.hides);
  if (values.since !== undefined) texts.push(['logSince', values.since]);
  if (values.layout !== undefined) texts.push(['logLayout', values.layout === 'merged' ? '' : values.layout]);
  if (values.shape !== undefined) texts.push(['logShape', values.shape === 'lines' ? '' : values.shape]);
  if (values.pods !== undefined) texts.push(['logPods', values.pods.join(',')]);
  if (values.containers !== undefined) texts.push(['logContainers', values.containers.join(',')]);
  if (values.fields !== undefined) texts.push(['logFields', values.fields.join(',')]);
  flag('logWrap', values.wrap);
  flag('logUtc', values.utc);
  flag('logPrevious', values.previous);
  return texts;
};

export function useLogOptions(): LogOptions {
  const query = useSearchParams();
  const set = useCallback((values: Partial<LogOptionValues>) => {
    // From the address bar, not from this rendering: two changes in one event must not undo each other.
    const next = new URLSearchParams(window.location.search);
    for (const [name, text] of encode(values)) {
      if (text === '') next.delete(name);
      else next.set(name, text);
    }
    const all = next.toString();
    window.history.replaceState(null, '', all === '' ? window.location.pathname : `?${all}`);
  }, []);
  return useMemo(() => {
    const text = (name: string): string => query.get(name) ?? '';
    return {
      find: text('logFind'),
      isExpression: text('logRegex') === 'true',
      hides: text('logMark') !== 'true',
      since: SINCE_CHOICES.find(({ value }) => value === text('logSince'))?.value ?? '',
      layout: text('logLayout') === 'split' ? 'split' : 'merged',
      shape: text('logShape') === 'table' ? 'table' : 'lines',
      pods: splitNames(text('logPods')),
      containers: splitNames(text('logContainers')),
      fields: splitNames(text('logFields')),
      wrap: text('logWrap') === 'true',
      utc: text('logUtc') === 'true',
      previous: text('logPrevious') === 'true',
      set,
    };
  }, [query, set]);
}
