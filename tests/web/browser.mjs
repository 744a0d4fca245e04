// What the tests of the workbench stand on: a server of their own, a browser, and pages that remember what
// went wrong on them.
import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Given by tests/web/run. */
export const place = {
  program: process.env.COUNTERSIGN_PROGRAM,
  source: process.env.COUNTERSIGN_SOURCE,
  packages: process.env.COUNTERSIGN_WEB_TESTS,
  chromium: process.env.COUNTERSIGN_CHROMIUM,
};
export const pictures = join(place.packages, 'screenshots');
mkdirSync(pictures, {recursive: true});

const require = createRequire(join(place.packages, 'package.json'));
const {chromium} = require('playwright-core');
export const axe = require('axe-core');

/** Without ours: the service takes every COUNTERSIGN_ variable for a setting. */
function ownVariables() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERSIGN_')));
}

/** Runs `countersign serve` on a port of the system's choice and a store that is gone at the end. */
export async function startServer(...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-web-'));
  const server = spawn(place.program,
    ['serve', '--listen', '127.0.0.1:0', '--store', join(folder, 'store.db'), ...flags],
    {stdio: ['ignore', 'pipe', 'inherit'], env: ownVariables()});
  const ended = new Promise((resolve) => server.on('exit', resolve));
  let said = '';
  const url = await new Promise((resolve, reject) => {
    server.stdout.on('data', (bytes) => {
      said += bytes;
      const found = /answers at (http:\/\/[^ ]+)\/cds-services/.exec(said);
      if (found) resolve(found[1]);
    });
    ended.then(() => reject(new Error(`the server ended: ${said}`)));
  });
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, {recursive: true, force: true});
  };
  return {url, stop};
}

export function startBrowser() {
  return chromium.launch({executablePath: place.chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']});
}

/**
 * A page in a profile of its own. `check` tells policy violations, errors, and requests that went elsewhere than to
 * `urls` (one, or several).
 */
export async function openPage(browser, urls, options = {}) {
  const context = await browser.newContext({viewport: {width: 1440, height: 1000}, ...options});
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (![urls].flat().some((url) => request.url().startsWith(`${url}/`))) faults.push(`left the server: ${request.url()}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const check = async () => [...faults, ...(await page.evaluate(() => window.violations))];
  return {page, check, close: () => context.close()};
}

/** Fires a case and waits for its cards; returns them as rule -> weight. */
export async function fireCase(page, url, id) {
  await page.goto(`${url}/#try?case=${id}`);
  await page.locator(`section.cards[data-case="${id}"]`).waitFor();
  return cardsOn(page);
}

export function cardsOn(page) {
  return page.locator('cds-cards').evaluate((cards) => Object.fromEntries(
    [...cards.shadowRoot.querySelectorAll('article')].map((card) => [card.dataset.rule, card.className.split(' ')[0]])));
}

/** What axe finds, as short lines. */
export async function axeFindings(page) {
  await page.evaluate(axe.source);
  const {violations} = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.flatMap((violation) => violation.nodes.slice(0, 3).map((node) =>
    `${violation.id}: ${violation.help} at ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`));
}
