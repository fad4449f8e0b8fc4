// What a page looks like to its readers: light on a desk, dark on a phone. In: a page in some state. Out: pictures in test-results/pictures,
// and a failed test where axe finds a fault or the page is wider than the screen.
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { expectNoFaults } from './axe';

export const PICTURES = join(__dirname, '..', 'test-results', 'pictures');

const LOOKS = [
  { look: 'desk-light', width: 1440, height: 900, dark: false },
  { look: 'phone-dark', width: 390, height: 844, dark: true },
] as const;

/** The same page in each look; it is as it was afterwards. */
export async function seeInEachLook(page: Page, name: string): Promise<void> {
  for (const { look, width, height, dark } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.evaluate((isDark) => document.documentElement.classList.toggle('pf-v6-theme-dark', isDark), dark);
    // Until colours have changed over, and what was fetched for the new size is drawn.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.waitForFunction(() =>
      document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running'),
    );
    await page.screenshot({ path: join(PICTURES, `states-${name}-${look}.png`) });
    const widerBy = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(widerBy, `${name} on ${look} is wider than the screen`).toBeLessThanOrEqual(0);
    await expectNoFaults(page, `${name} on ${look}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => document.documentElement.classList.remove('pf-v6-theme-dark'));
}
