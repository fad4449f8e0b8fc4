// Suite `typing`: how long a key takes in the YAML editor, from the event to the picture with it, in Chromium on the production build, in a
// VirtualService of 400 lines whose findings the server looks for while it is written. In: services of the mesh. Out: ms a key.
import type { Page } from '@playwright/test';
import { openBrowser } from '../browser/chromium';
import { isBuilt, startConsole, startMesh } from '../live/console-process';
import { median, most, quantile } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const LINES = 400;
const LINES_A_RULE = 14;
const BURSTS = 40;
const KEYS_A_BURST = 8;
/** A quick typist: ten keys a second and more. */
const KEY_MS = 80;
/** Longer than the pause after which the text is read and checked, so that answers come while the next keys are written. */
const REST_MS = 450;
const SERVICES = 200;

/** A long object with mistakes: a subset that nobody defines in every second rule. */
export function buildLongRoute(namespace: string, service: string): string {
  const head = [
    'apiVersion: networking.istio.io/v1',
    'kind: VirtualService',
    'metadata:',
    '  name: a-long-one',
    `  namespace: ${namespace}`,
    'spec:',
    '  hosts:',
    `    - ${service}`,
    '  http:',
  ];
  const rules = Array.from({ length: Math.ceil((LINES - head.length) / LINES_A_RULE) }, (_, i) => [
    `    - name: rule-${i}`,
    '      match:',
    '        - uri:',
    `            prefix: /part-${i}`,
    '          headers:',
    '            end-user:',
    `              exact: user-${i}`,
    '      timeout: 2s',
    '      retries:',
    '        attempts: 2',
    '      route:',
    '        - destination:',
    `            host: ${service}`,
    `            subset: ${i % 2 === 0 ? 'v1' : `none-${i}`}`,
  ]);
  return `${[...head, ...rules.flat()].slice(0, LINES).join('\n')}\n`;
}

/** From each key to the frame that shows it, ms; installed before the first key. */
async function watchKeys(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    window.addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          // After the frame's own work: layout and paint are behind us.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times.push(performance.now() - timeStamp);
          port2.postMessage(null);
        }),
      { capture: true },
    );
  });
  return () => page.evaluate(() => (window as unknown as { readonly keyTimes: readonly number[] }).keyTimes);
}

async function typeInto(page: Page): Promise<readonly number[]> {
  const readTimes = await watchKeys(page);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  for (let burst = 0; burst < BURSTS; burst++) {
    for (let key = 0; key < KEYS_A_BURST; key++) {
      await page.keyboard.press(key % KEYS_A_BURST === KEYS_A_BURST - 1 ? 'Backspace' : 'abcdefgh'.charAt(key));
      await pause(KEY_MS);
    }
    await pause(REST_MS);
  }
  return readTimes();
}

async function run(options: BenchOptions) {
  if (!isBuilt()) return 'there is no production build: run `npm run build` first';
  const mesh = await startMesh(options.scratch, SERVICES);
  const console = await startConsole(mesh, { HEDDLE_AUTH_ANONYMOUS_ROLE: 'admin' });
  const browser = await openBrowser(`${console.url}/config/new?kind=VirtualService&in=default`);
  try {
    const { page } = browser;
    const editor = page.getByRole('textbox', { name: /^YAML of/ });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(buildLongRoute('default', 'a-service-of-a-long-name'));
    const problems = page.getByRole('region', { name: /^Problems/ });
    await problems.getByRole('listitem').first().waitFor();
    options.say(`typing: ${await problems.getByRole('listitem').count()} findings`);
    // In the middle of a name in the middle of the text.
    await page.keyboard.press('Control+Home');
    for (let i = 0; i < LINES / 2; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    const times = await typeInto(page);
    const findings = await problems.getByRole('listitem').count();
    if (findings === 0) throw new Error('nothing was found while it was typed: the bench measures less than it says');
    const note = `P95 of ${times.length} keys; median ${median(times).toFixed(1)}, most ${most(times).toFixed(0)}; ${findings} findings shown`;
    const measurements = [
      {
        name: `a key in a VirtualService of ${LINES} lines with findings`,
        value: quantile(times, 0.95),
        unit: 'ms',
        budget: { atMost: 50 },
        note,
      },
    ] as const;
    return { measurements, raw: { times } };
  } finally {
    await browser.close();
    await console.close();
    await mesh.close();
  }
}

export const typingSuite: Suite = {
  name: 'typing',
  about: 'A key in the YAML editor, from the event to the frame that shows it.',
  run,
};
