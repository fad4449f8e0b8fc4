'use client';
// The menu that gives the graph out as a file or an address. In: the graph as it is shown. Out: downloads, a copied permalink.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { EXPORT_THEMES, type ExportFormat, type ExportTheme } from '../../model/export-format';
import type { GraphDocument } from '../../model/wire';
import type { Marks } from '../graph/canvas/marks';
import type { Picture } from '../graph/canvas/picture';
import type { Screen } from '../live/screen-url';
import { Option, RadioGroup } from '../ui/choice-group';
import { CopyButton } from '../ui/copy-button';
import { Disclosure } from '../ui/disclosure';
import { downloadFile } from '../ui/download-file';
import styles from './export-menu.module.css';
import { makeExport, pinnedAddress } from './make-export';

interface Props {
  readonly document: GraphDocument | null;
  readonly screen: Screen;
  /** What the canvas has drawn; null while there is none. */
  readonly picture: () => Picture | null;
  readonly marks?: Marks | null;
  readonly narrow: boolean;
}

const PICTURES: readonly (readonly [format: ExportFormat, label: string, hint: string])[] = [
  ['svg', 'SVG', 'sharp at every size'],
  ['png', 'PNG', 'for documents and chats'],
];
const TEXTS: readonly (readonly [format: ExportFormat, label: string, hint: string])[] = [
  ['csv', 'CSV of the edges', 'the table, a row per edge'],
  ['nodes.csv', 'CSV of the nodes', 'the table, a row per node'],
  ['json', 'JSON', 'everything, as the API gives it'],
  ['mermaid', 'Mermaid', 'a flowchart for Markdown'],
  ['dot', 'Graphviz DOT', 'for layouts and tools of your own'],
];
const THEME_LABELS: Readonly<Record<ExportTheme, string>> = { light: 'Light', dark: 'Dark' };

type Progress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'making'; readonly format: ExportFormat }
  | { readonly kind: 'done'; readonly name: string; readonly note: string | null }
  | { readonly kind: 'failed'; readonly why: string };

const themeOfPage = (): ExportTheme => (window.document.documentElement.classList.contains('pf-v6-theme-dark') ? 'dark' : 'light');

export function ExportMenu({ narrow, ...props }: Props): ReactNode {
  return (
    <Disclosure label={narrow ? undefined : 'Export'} icon={<DownloadIcon />} name="Export the graph" align="end">
      {() =>
        props.document === null ? (
          <p>There is no graph yet. Once it is drawn, it can be saved from here.</p>
        ) : (
          <ExportChoices {...props} document={props.document} />
        )
      }
    </Disclosure>
  );
}

function ExportChoices({
  document,
  screen,
  picture,
  marks = null,
}: Omit<Props, 'narrow'> & { readonly document: GraphDocument }): ReactNode {
  const [theme, setTheme] = useState<ExportTheme>(themeOfPage);
  const [whole, setWhole] = useState(false);
  const [progress, setProgress] = useState<Progress>({ kind: 'idle' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const make = async (format: ExportFormat): Promise<void> => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setProgress({ kind: 'making', format });
    try {
      const job = { format, theme, document, screen, picture: picture(), marks, whole };
      const { name, content, note } = await makeExport(job, window.location, own.signal);
      if (own.signal.aborted) return;
      downloadFile(name, content);
      setProgress({ kind: 'done', name, note });
    } catch (error) {
      if (!own.signal.aborted) setProgress({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
    }
  };
  const making = progress.kind === 'making' ? progress.format : null;
  const choice = ([format, label, hint]: (typeof TEXTS)[number]): ReactNode => (
    <li key={format}>
      <Button
        variant="tertiary"
        size="sm"
        isDisabled={making !== null}
        icon={making === format ? <Spinner size="sm" aria-hidden /> : undefined}
        onClick={() => void make(format)}
      >
        {label}
      </Button>
      <span className={styles['hint']}>{hint}</span>
    </li>
  );
  const { shown } = document.totals;
  return (
    <div className={styles['menu']}>
      <section aria-label="Picture">
        <h3 className={styles['title']}>Picture of the whole graph</h3>
        <ul className={styles['list']}>{PICTURES.map(choice)}</ul>
        <div className={styles['colours']}>
          <RadioGroup
            legend="Colours"
            choices={EXPORT_THEMES.map((value) => ({ value, label: THEME_LABELS[value] }))}
            chosen={theme}
            onChoose={setTheme}
          />
        </div>
      </section>
      <section aria-label="Data">
        <h3 className={styles['title']}>Data</h3>
        <ul className={styles['list']}>{TEXTS.map(choice)}</ul>
      </section>
      {document.folded ? (
        <Option
          type="checkbox"
          checked={whole}
          onChange={() => setWhole(!whole)}
          label="Everything, unfolded"
          hint={
            shown === undefined
              ? 'Else what is drawn now'
              : `All ${shown.ofNodes} nodes and ${shown.ofEdges} edges; else the ${shown.nodes} and ${shown.edges} drawn now`
          }
        />
      ) : null}
      <p>
        <CopyButton text={() => pinnedAddress(screen, document.atMs, window.location)} what="a permalink pinned in time">
          Copy a permalink pinned in time
        </CopyButton>
      </p>
      <p role="status" className={progress.kind === 'failed' ? styles['failed'] : styles['hint']}>
        {progress.kind === 'making'
          ? 'The file is being written…'
          : progress.kind === 'done'
            ? `Saved as ${progress.name}.${progress.note === null ? '' : ` ${progress.note}`}`
            : progress.kind === 'failed'
              ? `Nothing was saved. ${progress.why}`
              : ''}
      </p>
    </div>
  );
}
