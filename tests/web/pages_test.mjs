// The workbench in a real browser: every page, every story, suggestions, feedback, keyboard, looks.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {axeFindings, cardsOn, fireCase, openPage, pictures, place, startBrowser, startServer} from './browser.mjs';

const stories = JSON.parse(readFileSync(join(place.source, 'web/stories.json'), 'utf8'));
const caseOf = (id) => JSON.parse(readFileSync(join(place.source, `test-fixtures/acceptance/${id}.json`), 'utf8'));

let server, browser;
before(async () => {
  // Early on another day than that of the cases: the workbench brings each story to this day.
  server = await startServer('--as-of', '2026-11-21T05:30:00Z');
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const pages = [
  {name: 'home', hash: '#home', ready: 'text=What it does not check'},
  {name: 'try-empty', hash: '#try', ready: '.blank'},
  {name: 'try', hash: '#try?case=C-PJP-02', ready: 'cds-cards article'},
  {name: 'rules', hash: '#rules?rule=csa-thiazide', ready: '.rule-body'},
  {name: 'feedback', hash: '#feedback', ready: 'h1:has-text("What became")'},
  {name: 'explain', from: '#try?case=C-PJP-02', hash: '#explain', ready: '.timeline'},
];

async function visit(page, {from, hash, ready}) {
  if (from) {
    await page.goto(server.url + '/' + from);
    await page.locator('cds-cards article').first().waitFor();
    await page.locator('nav >> text=Explain').click();
  } else {
    await page.goto(server.url + '/' + hash);
  }
  await page.locator(ready).first().waitFor();
}

test('every page loads from this server alone, without an error or a violation of its policy', async () => {
  for (const one of pages) {
    const {page, check, close} = await openPage(browser, server.url);
    await visit(page, one);
    assert.deepEqual(await check(), [], one.name);
    await close();
  }
});

test('everything that the pages load is under 300 KB compressed', async () => {
  const paths = ['/', '/workbench.js', '/workbench.css', '/icon.svg', '/stories.json', '/rules.json', '/cds-cards.js'];
  let bytes = 0;
  for (const path of paths) {
    const answer = await fetch(server.url + path, {method: 'HEAD', headers: {'Accept-Encoding': 'gzip'}});
    assert.equal(answer.headers.get('content-encoding'), 'gzip', path);
    bytes += Number(answer.headers.get('content-length'));
  }
  assert.ok(bytes < 300_000, `${bytes} bytes`);
});

test('each story patient gets the cards that its case expects', async () => {
  const {page, check, close} = await openPage(browser, server.url);
  for (const {case: id} of stories)
    assert.deepEqual(await fireCase(page, server.url, id), caseOf(id).expect, id);
  assert.deepEqual(await check(), []);
  await close();
});

test('the example of each rule shows that rule, on the day of its case', async () => {
  const own = await startServer('--as-of', '2026-03-10T09:00:00Z');
  const {page, close} = await openPage(browser, own.url);
  const {examples} = await (await fetch(`${own.url}/stories.json`)).json();
  assert.ok(Object.keys(examples).length > 85);
  for (const [rule, id] of Object.entries(examples))
    assert.ok(rule in await fireCase(page, own.url, id), `${rule} from ${id}`);
  await close();
  await own.stop();
});

test('a suggestion that is applied changes the drafts, and its card is gone from the next answer', async () => {
  const {page, check, close} = await openPage(browser, server.url);
  await fireCase(page, server.url, 'C-PJP-02');
  const drafts = await page.locator('.drafts li').count();
  await page.locator('article[data-rule=uc-ifx-csa-concurrent] .suggestions button').first().click();
  await page.locator('text=the hook was fired again').waitFor();
  assert.equal(await page.locator('.drafts li').count(), drafts - 1);
  assert.ok(!('uc-ifx-csa-concurrent' in await cardsOn(page)));
  assert.deepEqual(await check(), []);
  await close();
});

test('an order kept with a reason is stored, and the report shows it', async () => {
  const {page, check, close} = await openPage(browser, server.url);
  await fireCase(page, server.url, 'C-HTN-01');
  const card = page.locator('article[data-rule=csa-contra-uncontrolled-htn]');
  await card.locator('.override summary').click();
  await card.locator('select').selectOption({index: 1});
  const stored = page.waitForResponse((answer) => answer.url().endsWith('/feedback'));
  await card.locator('button:has-text("Keep the order")').click();
  assert.equal((await stored).status(), 200);
  await card.locator('.outcome:has-text("Kept:")').waitFor();
  await page.locator('nav >> text=Feedback').click();
  const row = page.locator('tr:has(th:has-text("csa-contra-uncontrolled-htn"))');
  await row.waitFor();
  assert.match(await row.innerText(), /csa-contra-uncontrolled-htn\s+1\s+0\s+1\s+0\s+\S.*: 1/);
  assert.deepEqual(await check(), []);
  const csv = await (await fetch(`${server.url}/feedback-report?format=csv`)).text();
  assert.match(csv, /csa-contra-uncontrolled-htn,2\d{3}-\d\d,overridden,[^,]+,1\r\n/);
  await close();
});

test('a refused request says what is wrong and marks the place', async () => {
  const {page, close} = await openPage(browser, server.url);
  await page.goto(`${server.url}/#try`);
  await page.locator('textarea').fill('{"hook":"order-sign","hookInstance":"7b1f0e0c-0d51-4f4a-8f3e-0a6b9d5f3c11","context":{"userId":"Practitioner/1"}}');
  await page.locator('button:has-text("Fire the hook")').click();
  await page.locator('text=Refused with status 400').waitFor();
  await page.locator('button:has-text("Mark the place")').click();
  const marked = await page.locator('textarea').evaluate((area) =>
    area.value.slice(area.selectionStart, area.selectionEnd));
  assert.equal(marked, '{"userId":"Practitioner/1"}', 'what is missing there has no place of its own');
  await close();
});

test('explain marks the JSON of a fact', async () => {
  const {page, check, close} = await openPage(browser, server.url);
  await visit(page, pages.find((one) => one.name === 'explain'));
  await page.locator('.fact-list button:visible').first().click();
  const marked = JSON.parse(await page.locator('mark').innerText());
  assert.ok(marked.resourceType);
  assert.ok((await page.locator('.rule-list li').count()) > 0);
  assert.deepEqual(await check(), []);
  await close();
});

/** Presses Tab until what has the focus says `text`; fails when that never happens or it cannot be seen. */
async function tabTo(page, text) {
  for (let presses = 0; presses < 150; ++presses) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const style = element ? getComputedStyle(element) : null;
      return {text: element?.textContent ?? '', outline: style?.outlineStyle ?? 'none'};
    });
    if (!focus.text.startsWith(text)) continue;
    assert.notEqual(focus.outline, 'none', `${text}: the focus cannot be seen`);
    return;
  }
  assert.fail(`Tab never reached ${text}`);
}

test('everything can be done with a keyboard alone', async () => {
  const {page, check, close} = await openPage(browser, server.url);
  await page.goto(server.url);
  await page.locator('h1').waitFor();
  await tabTo(page, 'Skip to the content');
  await tabTo(page, 'Try');
  await page.keyboard.press('Enter');
  await page.locator('h1:has-text("Try a patient")').waitFor();
  await tabTo(page, 'Rheumatoid arthritis: ciclosporin, blood pressure');
  await page.keyboard.press('Enter');
  await page.locator('cds-cards article').first().waitFor();
  await tabTo(page, 'Keep the order, with a reason');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  const stored = page.waitForResponse((answer) => answer.url().endsWith('/feedback'));
  await tabTo(page, 'Keep the order');
  await page.keyboard.press('Enter');
  assert.equal((await stored).status(), 200);
  await tabTo(page, 'Why these cards?');
  await page.keyboard.press('Enter');
  await page.locator('.timeline').waitFor();
  assert.deepEqual(await check(), []);
  await close();
});

for (const colorScheme of ['light', 'dark'])
  for (const width of [360, 768, 1440])
    test(`axe finds nothing and nothing sticks out at ${width} px, ${colorScheme}`, async () => {
      const found = [];
      for (const one of pages) {
        const {page, close} = await openPage(browser, server.url, {colorScheme, viewport: {width, height: 900}});
        await visit(page, one);
        const path = join(pictures, `${one.name}-${width}-${colorScheme}.png`);
        await page.screenshot({path, fullPage: true});
        found.push(...(await axeFindings(page)).map((finding) => `${one.name}: ${finding}`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) found.push(`${one.name} is ${wide} px wider than the window`);
        await close();
      }
      assert.deepEqual(found, []);
    });
