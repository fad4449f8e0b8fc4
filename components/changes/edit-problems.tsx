'use client';
// Edits that cannot be planned: which, what is wrong, what to do. In: problems, the edits that they count. Out: an alert, or nothing.
import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import type { ReactNode } from 'react';
import type { Edit, EditProblem } from '../../model/edit';
import { plural } from '../ui/format';
import { wordEdit } from './edit-words';
import styles from './review.module.css';

export function EditProblems({
  problems,
  edits,
}: {
  readonly problems: readonly EditProblem[];
  readonly edits: readonly Edit[];
}): ReactNode {
  if (problems.length === 0) return null;
  return (
    <Alert isInline variant="danger" title={`${plural(problems.length, 'edit')} cannot be planned`} component="h2">
      <ul className={styles['owners']}>
        {problems.map(({ edit, path, message, next }) => {
          const meant = edits[edit];
          return (
            <li key={`${edit} ${path} ${message}`}>
              {meant === undefined ? null : <strong>{wordEdit(meant).title}: </strong>}
              {message}
              {path === '' ? null : <code> ({path})</code>}
              {next === '' ? null : ` ${next}`}
            </li>
          );
        })}
      </ul>
    </Alert>
  );
}
