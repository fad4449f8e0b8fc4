'use client';
// The menu of saved views: open, save, delete, share, import, export. In: the address. Out: another address; what is saved in this browser.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import BookmarkIcon from '@patternfly/react-icons/dist/esm/icons/bookmark-icon';
import TrashIcon from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useRef, useState } from 'react';
import { CopyButton } from '../ui/copy-button';
import { Disclosure } from '../ui/disclosure';
import { useAddress } from '../ui/use-address';
import { useStored } from '../ui/use-stored';
import styles from './find.module.css';
import {
  cleanName,
  decodeSaved,
  dropSaved,
  encodeSaved,
  importSaved,
  isChanged,
  MAX_NAME,
  putSaved,
  type SavedView,
  savedHref,
  savedQuery,
} from './saved-views';

const NONE: readonly SavedView[] = [];

export function SavedMenu({ narrow }: { readonly narrow: boolean }): ReactNode {
  const [name] = useAddress('saved');
  return (
    <Disclosure
      label={narrow ? undefined : name === '' ? 'Views' : name}
      icon={<BookmarkIcon />}
      name={name === '' ? 'Saved views' : `Saved views: ${name}`}
      align="end"
    >
      {(close) => <SavedList close={close} />}
    </Disclosure>
  );
}

function SavedList({ close }: { readonly close: () => void }): ReactNode {
  const search = useSearchParams().toString();
  const [current, writeCurrent] = useAddress('saved');
  const [saved, setSaved] = useStored('heddle.views', NONE, decodeSaved, encodeSaved);
  const [draft, setDraft] = useState('');
  const [said, setSaid] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const open = saved.find((view) => view.name === current);
  const changed = open !== undefined && isChanged(open, search);
  const save = (name: string): void => {
    setSaved(putSaved(saved, { name, query: savedQuery(search) }));
    writeCurrent(name);
    setDraft('');
    setSaid(`Saved as ${name}.`);
  };
  const replace = (view: SavedView): void => {
    // In place, as every other change of the view: the page reads its address.
    window.history.pushState(null, '', savedHref(window.location.pathname, view));
    close();
  };
  const exportAll = (): void => {
    const url = URL.createObjectURL(new Blob([encodeSaved(saved)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'heddle-views.json';
    link.click();
    URL.revokeObjectURL(url);
  };
  const readFile = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const added = importSaved(saved, await chosen.text());
    if (added !== null) setSaved(added.saved);
    setSaid(
      added === null
        ? `${chosen.name} holds no saved views. Choose a file that was exported here.`
        : `${added.count} views added from ${chosen.name}.`,
    );
  };
  return (
    <div className={styles['saved']}>
      {saved.length === 0 ? (
        <p className={styles['said']}>No view is saved in this browser yet. Name what you see now to find it again.</p>
      ) : null}
      <ul aria-label="Saved views">
        {saved.map((view) => (
          <li key={view.name} className={styles['savedRow']}>
            <button type="button" className={styles['savedName']} aria-current={view.name === current} onClick={() => replace(view)}>
              {view.name}
              {view.name === current && changed ? <span className={styles['detail']}> changed</span> : null}
            </button>
            <CopyButton
              text={() => `${window.location.origin}${savedHref(window.location.pathname, view)}`}
              what={`the link to ${view.name}`}
            />
            <Button
              variant="plain"
              icon={<TrashIcon />}
              aria-label={`Delete ${view.name}`}
              title="Delete"
              onClick={() => {
                setSaved(dropSaved(saved, view.name));
                if (view.name === current) writeCurrent('');
                setSaid(`${view.name} is deleted.`);
              }}
            />
          </li>
        ))}
      </ul>
      {open !== undefined && changed ? (
        <Button variant="secondary" onClick={() => save(open.name)}>
          Save the changes to {open.name}
        </Button>
      ) : null}
      <form
        className={styles['savedForm']}
        onSubmit={(event) => {
          event.preventDefault();
          if (cleanName(draft) !== '') save(cleanName(draft));
        }}
      >
        <TextInput
          aria-label="Name for this view"
          placeholder="Name for this view"
          value={draft}
          maxLength={MAX_NAME}
          onChange={(_event, text) => setDraft(text)}
        />
        <Button variant="primary" type="submit" isDisabled={cleanName(draft) === ''}>
          {saved.some((view) => view.name === cleanName(draft)) ? 'Replace' : 'Save'}
        </Button>
      </form>
      <div className={styles['savedForm']}>
        <Button variant="link" isInline isDisabled={saved.length === 0} onClick={exportAll}>
          Export all
        </Button>
        <Button variant="link" isInline onClick={() => file.current?.click()}>
          Import…
        </Button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          aria-label="File of saved views"
          onChange={(event) => {
            void readFile(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <p role="status" className={styles['said']}>
        {said}
      </p>
    </div>
  );
}
