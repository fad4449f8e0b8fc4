// @vitest-environment jsdom
// Tests of the frame: the navigation stands beside a wide page, covers a narrow one, and is put away by touching the page.
import { PageContext } from '@patternfly/react-core/dist/esm/components/Page/PageContext';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useContext } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PageFrame } from './page-frame';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Toggle() {
  const { isSidebarOpen, isMobile, onSidebarToggle, getBreakpoint, width } = useContext(PageContext);
  return (
    <button type="button" onClick={onSidebarToggle}>
      {`${isMobile ? 'mobile' : 'wide'} ${isSidebarOpen ? 'open' : 'closed'} ${getBreakpoint(width)}`}
    </button>
  );
}
const show = (widthPx: number) => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(widthPx);
  return render(
    <PageFrame className="own" skipToContent={null} masthead={<Toggle />} sidebar={null} mainId="main">
      The page
    </PageFrame>,
  ).container;
};

describe('PageFrame', () => {
  it('opens and closes beside a wide page, which touches do not close', () => {
    const frame = show(1300).firstElementChild;
    expect(frame?.className).toContain('pf-m-breakpoint-xl');
    expect(frame?.className).toContain('own');
    fireEvent.pointerDown(screen.getByRole('main'));
    fireEvent.click(screen.getByRole('button', { name: 'wide open xl' }));
    expect(screen.getByRole('button', { name: 'wide closed xl' })).toBeTruthy();
  });

  it('is closed on a phone, and closed again by touching the page', () => {
    show(390);
    fireEvent.click(screen.getByRole('button', { name: 'mobile closed default' }));
    expect(screen.getByRole('button', { name: 'mobile open default' })).toBeTruthy();
    fireEvent.pointerDown(screen.getByRole('main'));
    expect(screen.getByRole('button', { name: 'mobile closed default' })).toBeTruthy();
    expect(screen.getByRole('main').id).toBe('main');
  });
});
