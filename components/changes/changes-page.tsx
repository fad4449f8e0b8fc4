'use client';
// The journal as a timeline: filters in the address, entries by day, one of them in detail, undo by a review. In: session, address. Out: the page.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { SessionState } from '../live/session-store';
import { ChoiceSelect } from '../ui/choice-select';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { FilteredEmpty } from '../ui/filtered-empty';
import { formatClock } from '../ui/format';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { useAddress } from '../ui/use-address';
import { useJson } from '../ui/use-json';
import { ChangeDetail } from './change-detail';
import { announceChange } from './change-signal';
import { ChangeStateLabel } from './change-state';
import { isOpen, STATE_WORDS, wordChange, wordObjects } from './change-words';
import styles from './journal.module.css';
import { groupByDay, isFiltered, JOURNAL_STATES, type JournalFilter, journalQuery } from './journal-filter';
import { isChangeRecord } from './steering-guards';
import { useChanges } from './use-changes';
import { useSender } from './use-sender';

const UndoReview = dynamic(() => import('./undo-review').then((file) => file.UndoReview), { ssr: false });

const OPEN_MS = 5_000;
const PAGE_SIZE = 50;
/** What the server lists at most. */
const MAX_LISTED = 1000;

function Entry({
  change,
  chosen,
  onChoose,
}: {
  readonly change: ChangeRecord;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  return (
    <li className={styles['entry']}>
      <button
        type="button"
        className={`${styles['entryButton']} ${chosen ? styles['chosen'] : ''}`}
        aria-pressed={chosen}
        onClick={onChoose}
      >
        <span className={styles['time']}>{formatClock(change.createdAtMs).slice(0, 5)}</span>
        <span className={styles['entryText']}>
          <strong>{wordObjects(change.steps)}</strong> {wordChange(change)}
          <span className={styles['subtle']}>
            {change.by.name}
            {change.reason === '' || change.reason === wordChange(change) ? '' : `: ${change.reason}`}
          </span>
        </span>
        <ChangeStateLabel state={change.state} />
      </button>
    </li>
  );
}

interface FilterProps {
  readonly filter: JournalFilter;
  readonly onNamespace: (text: string) => void;
  readonly onHost: (text: string) => void;
  readonly onWho: (text: string) => void;
  readonly onState: (text: string) => void;
}

function Filters({ filter, onNamespace, onHost, onWho, onState }: FilterProps): ReactNode {
  return (
    <search className={styles['filters']} aria-label="Filter the journal">
      <SearchBox name="Namespace" placeholder="Namespace" text={filter.namespace} onText={onNamespace} className={styles['host']} />
      <SearchBox name="Host" placeholder="Host, e.g. reviews" text={filter.host} onText={onHost} className={styles['host']} />
      <SearchBox name="Who" placeholder="Who, or part of it" text={filter.who} onText={onWho} className={styles['host']} />
      <ChoiceSelect
        name="State"
        value={filter.state}
        choices={JOURNAL_STATES.map((value) => ({
          value,
          label: value === '' ? 'Any state' : value === 'open' ? 'Under way or incomplete' : STATE_WORDS[value],
        }))}
        onChoose={onState}
      />
    </search>
  );
}

interface Props {
  readonly session: SessionState;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export function ChangesPage({ session, fetch }: Props): ReactNode {
  const [namespace, writeNamespace] = useAddress('namespace');
  const [host, writeHost] = useAddress('host');
  const [who, writeWho] = useAddress('who');
  const [stateText, writeState] = useAddress('state');
  const [entry, writeEntry] = useAddress('entry');
  const [undoing, setUndoing] = useState<ChangeRecord | null>(null);
  const [limit, setLimit] = useState(PAGE_SIZE);
  const sender = useSender(session, fetch);
  const filter: JournalFilter = { namespace, host, who, state: JOURNAL_STATES.find((one) => one === stateText) ?? '' };
  const filtered = isFiltered(filter);
  const state = useChanges(journalQuery(filter, limit), fetch);
  const shown = state.changes ?? [];
  const listed = shown.find(({ id }) => id === entry);
  // The list has no objects and no measures: the chosen entry is asked for whole, and again while it may change.
  const alone = useJson(entry === '' ? null : `/api/changes/${encodeURIComponent(entry)}`, {
    guard: isChangeRecord,
    dropOnChange: true,
    refreshMs: listed !== undefined && isOpen(listed) ? OPEN_MS : 0,
    ...(fetch === undefined ? {} : { fetch }),
  });
  const chosen = alone.data;
  const clear = (): void => {
    for (const write of [writeNamespace, writeHost, writeWho, writeState]) write('');
  };
  const changed = (): void => {
    announceChange();
    alone.reload();
  };
  if (state.changes === null && state.problem !== null)
    return (
      <Page title="Changes">
        <ErrorState problem={state.problem} onRetry={state.reload} />
      </Page>
    );
  return (
    <Page title="Changes">
      {state.problem === null ? null : <ErrorAlert problem={state.problem} onRetry={state.reload} heading="h2" />}
      <Filters filter={filter} onNamespace={writeNamespace} onHost={writeHost} onWho={writeWho} onState={writeState} />
      {state.changes === null ? <Skeleton height="16rem" screenreaderText="The journal is being read" /> : null}
      {state.changes !== null && shown.length === 0 ? (
        <FilteredEmpty filtered={filtered} title={filtered ? 'No change passes the filters' : 'Nothing was changed yet'} onClear={clear}>
          {filtered
            ? 'A namespace and a host are compared whole, a host also by its first part; of who made it, a part is enough.'
            : 'What is changed through Heddle stands here: who, why, what, and what came of it. Open a service in the graph and edit its routing to begin.'}
        </FilteredEmpty>
      ) : null}
      <div className={styles['columns']}>
        {shown.length === 0 ? null : (
          <div className={styles['timeline']}>
            {groupByDay(shown).map(({ day, changes }) => (
              <section key={day} aria-label={day}>
                <h2 className={styles['day']}>{day}</h2>
                <ol className={styles['entries']}>
                  {changes.map((change) => (
                    <Entry
                      key={change.id}
                      change={change}
                      chosen={change.id === entry}
                      onChoose={() => writeEntry(change.id === entry ? '' : change.id)}
                    />
                  ))}
                </ol>
              </section>
            ))}
            {!state.more ? null : limit >= MAX_LISTED ? (
              <p className={styles['subtle']}>The newest {MAX_LISTED} are listed. Filter to reach older ones.</p>
            ) : (
              <Button variant="link" isInline isLoading={state.loading} onClick={() => setLimit(Math.min(MAX_LISTED, limit + PAGE_SIZE))}>
                Show {PAGE_SIZE} more
              </Button>
            )}
          </div>
        )}
        {entry !== '' && chosen === null && alone.problem === null ? (
          <Skeleton height="16rem" screenreaderText="The entry is being read" />
        ) : null}
        {alone.problem === null ? null : <ErrorAlert problem={alone.problem} onRetry={alone.reload} heading="h2" />}
        {chosen === null ? null : <ChangeDetail key={chosen.id} change={chosen} sender={sender} onChanged={changed} onUndo={setUndoing} />}
      </div>
      {undoing === null ? null : (
        <UndoReview
          change={undoing}
          sender={sender}
          onClose={() => setUndoing(null)}
          onApplied={(next) => {
            setUndoing(null);
            changed();
            writeEntry(next.id);
          }}
        />
      )}
    </Page>
  );
}
