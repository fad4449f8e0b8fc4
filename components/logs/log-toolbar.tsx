'use client';
// What is chosen of logs and how it is shown. In: the choice, pods, containers. Out: a toolbar.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { type ReactNode, useState } from 'react';
import type { LogPod } from '../../model/log';
import { ChoiceSelect } from '../ui/choice-select';
import { CopyButton } from '../ui/copy-button';
import { plural } from '../ui/format';
import { NarrowFold } from '../ui/narrow-fold';
import { SearchBox } from '../ui/search-box';
import { hasRestarted, listContainers, SINCE_CHOICES, standardPods } from './log-choice';
import styles from './logs.module.css';
import type { LogOptions } from './use-log-options';

/** Of the page around the toolbar. */
const EDGE_PX = 24;

interface Props {
  readonly options: LogOptions;
  readonly pods: readonly LogPod[];
  readonly fields: readonly string[];
  readonly expressionFault: string | null;
  readonly isTooSlow: boolean;
  readonly copy: () => string;
  readonly onDownload: (what: 'filtered' | 'kept') => void;
  readonly wholeHref: string;
}

/** "Failed", "2 restarts": what sets a pod apart from those that simply run. */
function wordPod(pod: LogPod | undefined): string {
  if (pod === undefined) return '';
  const restarts = pod.restarts === 0 ? '' : plural(pod.restarts, 'restart');
  return [pod.phase === 'Running' ? '' : pod.phase, restarts].filter((word) => word !== '').join(', ');
}

function Toggle({
  label,
  checked,
  onToggle,
  title,
  disabled = false,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onToggle: () => void;
  readonly title?: string;
  readonly disabled?: boolean;
}): ReactNode {
  return (
    <label className={styles['toggle']} title={title}>
      <input type="checkbox" checked={checked} disabled={disabled} onChange={onToggle} /> {label}
    </label>
  );
}

/** A panel under a button, which stays on the screen: it opens to the other side where there is no room. */
function FoldOut({ summary, children }: { readonly summary: string; readonly children: ReactNode }): ReactNode {
  const [opensLeft, setOpensLeft] = useState(false);
  return (
    <details
      className={styles['several']}
      data-left={opensLeft}
      onToggle={({ currentTarget: { open, lastElementChild } }) =>
        setOpensLeft(open && (lastElementChild?.getBoundingClientRect().right ?? 0) > document.documentElement.clientWidth - EDGE_PX)
      }
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

/** Names of which any may be chosen; none chosen means all. */
function Several({
  legend,
  standard,
  names,
  about = () => '',
  chosen,
  onChoose,
}: {
  readonly legend: string;
  /** What is shown where none is chosen. */
  readonly standard: string;
  readonly names: readonly string[];
  /** What is said beside a name. */
  readonly about?: (name: string) => string;
  readonly chosen: readonly string[];
  readonly onChoose: (names: readonly string[]) => void;
}): ReactNode {
  return (
    <FoldOut summary={`${legend}: ${chosen.length === 0 ? standard : `${chosen.length} of ${names.length}`}`}>
      <fieldset>
        <legend className="pf-v6-screen-reader">{legend}</legend>
        {names.map((name) => (
          <label key={name} className={styles['toggle']}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={() => onChoose(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])}
            />{' '}
            {name}
            {about(name) === '' ? null : <span className={styles['subtle']}>{about(name)}</span>}
          </label>
        ))}
        {chosen.length === 0 ? null : (
          <Button variant="link" isInline onClick={() => onChoose([])}>
            Back to standard
          </Button>
        )}
      </fieldset>
    </FoldOut>
  );
}

export function LogToolbar({ options, pods, fields, expressionFault, isTooSlow, copy, onDownload, wholeHref }: Props): ReactNode {
  const { set } = options;
  const containers = listContainers(pods);
  const restarts = hasRestarted(pods);
  const more = (
    <>
      <ChoiceSelect
        name="Application and proxy"
        value={options.layout}
        choices={[
          { value: 'merged', label: 'Merged by time' },
          { value: 'split', label: 'Side by side' },
        ]}
        onChoose={(layout) => set({ layout })}
        className={styles['select'] ?? ''}
      />
      <ChoiceSelect
        name="Shape of lines"
        value={options.shape}
        choices={[
          { value: 'lines', label: 'Lines' },
          { value: 'table', label: 'Table of fields' },
        ]}
        onChoose={(shape) => set({ shape })}
        className={styles['select'] ?? ''}
      />
      <Several
        legend="Pods"
        standard={standardPods(pods).length < pods.length ? 'all that run' : 'all'}
        names={pods.map(({ name }) => name)}
        about={(name) => wordPod(pods.find((pod) => pod.name === name))}
        chosen={options.pods}
        onChoose={(names) => set({ pods: names })}
      />
      <Several
        legend="Containers"
        standard="all that run"
        names={containers.map(({ name }) => name)}
        chosen={options.containers}
        onChoose={(names) => set({ containers: names })}
      />
      {options.shape === 'table' ? (
        <Several legend="Fields" standard="the usual" names={fields} chosen={options.fields} onChoose={(names) => set({ fields: names })} />
      ) : null}
      <Toggle label="Wrap" checked={options.wrap} onToggle={() => set({ wrap: !options.wrap })} />
      <Toggle
        label="UTC"
        checked={options.utc}
        onToggle={() => set({ utc: !options.utc })}
        title="Instants in UTC instead of this browser's own time"
      />
      <Toggle
        label="Before restart"
        checked={options.previous}
        onToggle={() => set({ previous: !options.previous })}
        disabled={!restarts && !options.previous}
        title={
          restarts
            ? 'The logs of the containers before their last restart'
            : 'No container of these pods was restarted: there is no such log'
        }
      />
      <FoldOut summary="Save">
        <div className={styles['menu']}>
          <Button variant="link" isInline onClick={() => onDownload('filtered')}>
            Lines that pass the filter
          </Button>
          <Button variant="link" isInline onClick={() => onDownload('kept')}>
            All lines kept here
          </Button>
          <a href={wholeHref} download>
            Whole log from the cluster
          </a>
          <CopyButton text={copy} what="the lines that pass the filter">
            Copy lines that pass
          </CopyButton>
        </div>
      </FoldOut>
    </>
  );
  return (
    <search className={styles['toolbar']} aria-label="Logs: what is shown">
      <SearchBox
        name={options.isExpression ? 'Filter by a regular expression' : 'Filter by text'}
        text={options.find}
        placeholder={options.isExpression ? 'Regular expression' : 'Filter lines'}
        onText={(text) => set({ find: text })}
        className={styles['search']}
      />
      <Toggle
        label="Regex"
        checked={options.isExpression}
        onToggle={() => set({ isExpression: !options.isExpression })}
        title="Read the filter as a regular expression"
      />
      <Toggle
        label="Mark only"
        checked={!options.hides}
        onToggle={() => set({ hides: !options.hides })}
        title="Mark what is found and keep the other lines"
      />
      <ChoiceSelect
        name="From when"
        value={options.since}
        choices={SINCE_CHOICES}
        onChoose={(since) => set({ since })}
        className={styles['select'] ?? ''}
      />
      <NarrowFold label="More choices">{more}</NarrowFold>
      {expressionFault === null ? null : (
        <p className={styles['fault']} role="alert">
          Not a regular expression: {expressionFault}
        </p>
      )}
      {isTooSlow ? (
        <p className={styles['fault']} role="alert">
          The expression takes too long on these lines and was given up; all lines are shown. Simplify it: nested repeats such as (a+)+ are
          the usual cause.
        </p>
      ) : null}
    </search>
  );
}
