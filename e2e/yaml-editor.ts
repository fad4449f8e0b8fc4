// The YAML editor as somebody at the keyboard uses it. In: a page. Out: its text, its problems, what is done to them.
import type { Locator, Page } from '@playwright/test';
import { expect } from './mesh';

export const editor = (page: Page): Locator => page.getByRole('textbox', { name: /^YAML of/ });
export const problems = (page: Page): Locator => page.getByRole('region', { name: /^Problems/ });

/** Opens an object's page and waits until its text can be written. */
export async function openObject(page: Page, url: string, path: string): Promise<void> {
  await page.goto(`${url}/config/${path}`);
  await expect(editor(page)).toBeVisible();
  await expect(problems(page)).not.toContainText('checking…');
}

/** The text of the editor, line by line: only what is drawn, which is all of a short object. */
export async function readText(page: Page): Promise<string> {
  const lines = await editor(page).locator('.cm-line').allTextContents();
  return lines.join('\n');
}

/** Puts a text in place of all that is there, as a paste does. */
export async function writeText(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** Types at the end of the text. */
export async function appendText(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(text);
}
