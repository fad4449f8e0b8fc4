'use client';
// Any address that is no page. In: nothing. Out: what there is instead.
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core/dist/esm/components/EmptyState';
import { PageSection } from '@patternfly/react-core/dist/esm/components/Page';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import Link from 'next/link';
import type { ReactNode } from 'react';

export default function NotFound(): ReactNode {
  return (
    <PageSection isFilled hasBodyWrapper={false}>
      <EmptyState icon={SearchIcon} titleText="There is no page at this address" headingLevel="h1">
        <EmptyStateBody>The address may be mistyped, or the page was moved.</EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button component={(props) => <Link {...props} href="/graph" />}>Open the graph</Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </PageSection>
  );
}
