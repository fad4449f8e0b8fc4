'use client';
// What can be done with a whole list: copy it, take it along as a file, choose its columns. In: the list as CSV, columns. Out: buttons.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import type { ReactNode } from 'react';
import { ColumnChooser } from './column-chooser';
import { CopyButton } from './copy-button';
import { downloadText } from './download-file';
import styles from './list-actions.module.css';

interface Props<K extends string> {
  /** The rows that are shown. */
  readonly csv: () => string;
  /** Name of the file. */
  readonly file: string;
  readonly columns: readonly { readonly key: K; readonly title: string }[];
  readonly shown: readonly K[];
  readonly onColumns: (keys: readonly K[] | null) => void;
  /** The column that always stands. */
  readonly fixed: K;
}

export function ListActions<K extends string>({ csv, file, columns, shown, onColumns, fixed }: Props<K>): ReactNode {
  return (
    <span className={styles['actions']}>
      <CopyButton text={csv} what="the list as CSV">
        Copy as CSV
      </CopyButton>
      <Button variant="link" isInline size="sm" icon={<DownloadIcon />} onClick={() => downloadText(file, 'text/csv', csv())}>
        Download
      </Button>
      <ColumnChooser columns={columns} shown={shown} onChoose={onColumns} fixed={fixed} />
    </span>
  );
}
