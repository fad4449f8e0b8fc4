'use client';
// The journal as a timeline: filters in the address, entries by day, one of them in detail, undo by a review. In: session, address. Out: the page.
import { EmptyState, EmptyStateBody } from '@patternfly/react-core/dist/esm/components/EmptyState';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import HistoryIcon from '@patternfly/react-icons/dist/esm/icons/history-icon';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import type { ChangeRecord } from '../../model/change';
import type { SessionState } from '../live/session-store';
import { ChoiceSelect } from '../ui/choice-select';
import { ErrorAlert } from '../ui/error-alert';
import { ErrorState } from '../ui/error-state';
import { formatClock } from '../ui/format';
import { Page } from '../ui/page';
import { SearchBox } from '../ui/search-box';
import { useAddress } from '../ui/use-address';
import { useJson } from '../ui/use-json';
import { ChangeDetail } from './change-detail';
import { announceChange } from './change-signal';
import { ChangeStateLabel } from './change-state';
import { STATE_WORDS, wordChange, wordObjects } from './change-words';
import styles from './journal.module.css';
import { groupByDay, JOURNAL_STATES, type JournalFilter, matchesFilter } from './journal-filter';
import { isChangeRecord } from './steering-guards';
import { useChanges } from './use-changes';
import { useSender } from './use-sender';

const UndoReview = dynamic(() => import('./undo-review').then((file) => file.UndoReview), { ssr: false });

const ALL = '';
/** The filters choose among these: people, hosts and states are few. */
const JOURNAL = { limit: '100' } as const;

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
  readonly all: readonly ChangeRecord[];
  readonly onNamespace: (text: string) => void;
  readonly onHost: (text: string) => void;
  readonly onUser: (text: string) => void;
  readonly onState: (text: string) => void;
}

function Filters({ filter, all, onNamespace, onHost, onUser, onState }: FilterProps): ReactNode {
  const namespaces = [...new Set([...all.flatMap(({ steps }) => steps.map(({ ref }) => ref.namespace)), filter.namespace])]
    .filter((one) => one !== ALL)
    .sort();
  const users = [...new Set([...all.map(({ by }) => by.name), filter.user])].filter((one) => one !== ALL).sort();
  return (
    <search className={styles['filters']} aria-label="Filter the journal">
      <ChoiceSelect
        name="Namespace"
        value={filter.namespace}
        choices={[{ value: ALL, label: 'All namespaces' }, ...namespaces.map((value) => ({ value, label: value }))]}
        onChoose={onNamespace}
      />
      <ChoiceSelect
        name="User"
        value={filter.user}
        choices={[{ value: ALL, label: 'Everybody' }, ...users.map((value) => ({ value, label: value }))]}
        onChoose={onUser}
      />
      <ChoiceSelect
        name="State"
        value={filter.state}
        choices={JOURNAL_STATES.map((value) => ({
          value,
          label: value === '' ? 'Any state' : value === 'open' ? 'Under way or incomplete' : STATE_WORDS[value],
        }))}
        onChoose={onState}
      />
      <SearchBox name="Host" placeholder="Host, e.g. reviews" text={filter.host} onText={onHost} className={styles['host']} />
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
  const [user, writeUser] = useAddress('user');
  const [stateText, writeState] = useAddress('state');
  const [entry, writeEntry] = useAddress('entry');
  const [undoing, setUndoing] = useState<ChangeRecord | null>(null);
  const sender = useSender(session, fetch);
  const state = useChanges(JOURNAL, fetch);
  const filter: JournalFilter = { namespace, host, user, state: JOURNAL_STATES.find((one) => one === stateText) ?? '' };
  const all = state.changes ?? [];
  const shown = all.filter((change) => matchesFilter(change, filter));
  const listed = all.find(({ id }) => id === entry);
  // An entry that the list does not reach any more is asked for alone.
  const alone = useJson(
    entry === '' || listed !== undefined || state.changes === null ? null : `/api/changes/${encodeURIComponent(entry)}`,
    {
      guard: isChangeRecord,
      dropOnChange: true,
      ...(fetch === undefined ? {} : { fetch }),
    },
  );
  const chosen = listed ?? alone.data ?? null;
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
      <Filters filter={filter} all={all} onNamespace={writeNamespace} onHost={writeHost} onUser={writeUser} onState={writeState} />
      {state.changes === null ? <Skeleton height="16rem" screenreaderText="The journal is being read" /> : null}
      {state.changes !== null && shown.length === 0 ? (
        <EmptyState
          icon={HistoryIcon}
          headingLevel="h2"
          titleText={all.length === 0 ? 'Nothing was changed yet' : 'No change matches the filter'}
        >
          <EmptyStateBody>
            {all.length === 0
              ? 'What is changed through Heddle stands here: who, why, what, and what came of it. Open a service and edit its routing to begin.'
              : 'Choose another namespace, host, user or state.'}
          </EmptyStateBody>
        </EmptyState>
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
          </div>
        )}
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
