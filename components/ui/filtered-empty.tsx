'use client';
// A list with nothing to show: because filters hide everything, with the way out, or because there is nothing. In: words. Out: an empty state.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import type { ReactNode } from 'react';

interface Props {
  /** Filters hide what there is. */
  readonly filtered: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly onClear: () => void;
}

export function FilteredEmpty({ filtered, title, children, onClear }: Props): ReactNode {
  return (
    <EmptyState icon={SearchIcon} titleText={title} headingLevel="h2" variant="sm">
      <EmptyStateBody>{children}</EmptyStateBody>
      {filtered ? (
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="link" onClick={onClear}>
              Clear the filters
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      ) : null}
    </EmptyState>
  );
}
