// <cds-cards> on a page of somebody else, and hostile text in it and in the workbench.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {axeFindings, openPage, pictures, place, startBrowser, startServer} from './browser.mjs';

let server, browser, host, hostUrl;
before(async () => {
  server = await startServer('--as-of', '2026-03-10T09:00:00Z');
  browser = await startBrowser();
  const html = `<!doctype html><html lang="en"><title>Host</title><main><h1>EHR</h1><h2>Advice</h2>
    <cds-cards iss="https://ehr.test/fhir" launch="abc&1" feedback-url="${server.url}/cds-services/immunosuppressant-safety/feedback">
    </cds-cards></main><script type="module" src="${server.url}/cds-cards.js"></script></html>`;
  host = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(html));
  await new Promise((ready) => host.listen(0, '127.0.0.1', ready));
  hostUrl = `http://127.0.0.1:${host.address().port}`;
});
after(async () => {
  await browser?.close();
  await server?.stop();
  host?.close();
});

async function openHost() {
  const opened = await openPage(browser, [server.url, hostUrl]);
  const {page} = opened;
  await page.goto(hostUrl);
  await page.waitForFunction(() => customElements.get('cds-cards'));
  await page.evaluate(() => {
    window.events = [];
    for (const name of ['suggestion', 'override', 'link', 'feedback'])
      document.addEventListener(name, (event) => {
        window.events.push([name, event.detail.ok ?? event.detail.url ?? event.detail.suggestion?.label ?? event.detail.reason?.code]);
        if (name === 'link') event.preventDefault();
      });
  });
  const show = (response) => page.evaluate((value) => { document.querySelector('cds-cards').response = value; }, response);
  return {...opened, show};
}

const uuid = '6f88cb12-db3b-4c60-8c6a-1cbcfb61a8c3';
const card = {
  uuid, summary: 'Stop', indicator: 'warning', source: {label: 'Elsewhere'}, detail: 'Plain **words**.',
  selectionBehavior: 'at-most-one',
  suggestions: [{label: 'First', uuid: '6f88cb12-db3b-4c60-8c6a-1cbcfb61a8c2', isRecommended: true,
    actions: [{type: 'delete', description: 'Remove it', resourceId: 'MedicationRequest/1'}]}, {label: 'Second'}],
  overrideReasons: [{code: 'because', system: 'urn:x', display: 'Because'}],
  links: [{label: 'App', url: 'https://app.test/launch?x=1', type: 'smart'}, {label: 'Paper', url: 'https://doi.test/1', type: 'absolute'}],
};

test('a host page gets events, and feedback is posted to where it says', async () => {
  const {page, show, close} = await openHost();
  await show({cards: [card]});
  const stored = page.waitForResponse((answer) => answer.url().endsWith('/feedback') && answer.request().method() === 'POST');
  await page.locator('button:has-text("First")').click();
  assert.equal((await stored).status(), 200);
  await page.waitForFunction(() => window.events.length === 2);
  assert.deepEqual(await page.evaluate(() => window.events), [['suggestion', 'First'], ['feedback', true]]);
  assert.ok(await page.locator('button:has-text("Second")').isDisabled());
  await close();
});

test('an override names its reason', async () => {
  const {page, show, close} = await openHost();
  await show({cards: [card]});
  const sent = page.waitForRequest((request) => request.url().endsWith('/feedback') && request.method() === 'POST');
  await page.locator('.override summary').click();
  await page.locator('select').selectOption({label: 'Because'});
  await page.locator('form input').fill('words');
  await page.locator('form button').click();
  const [report] = JSON.parse((await sent).postData()).feedback;
  assert.equal(report.card, uuid);
  assert.equal(report.outcome, 'overridden');
  assert.deepEqual(report.overrideReason, {reason: {code: 'because', system: 'urn:x', display: 'Because'}, userComment: 'words'});
  assert.ok(!Number.isNaN(Date.parse(report.outcomeTimestamp)));
  await close();
});

test('launch and iss go onto smart links alone', async () => {
  const {page, show, close} = await openHost();
  await show({cards: [card]});
  assert.equal(await page.locator('a:has-text("App")').getAttribute('href'),
    'https://app.test/launch?x=1&iss=https%3A%2F%2Fehr.test%2Ffhir&launch=abc%261');
  assert.equal(await page.locator('a:has-text("Paper")').getAttribute('href'), 'https://doi.test/1');
  await page.locator('a:has-text("App")').click();
  assert.equal((await page.evaluate(() => window.events))[0][0], 'link');
  await page.evaluate(() => document.querySelector('cds-cards').removeAttribute('launch'));
  assert.equal(await page.locator('a:has-text("App")').count(), 0);
  await close();
});

test('critical cards come first, each weight has colour, shape and word, and axe finds nothing', async () => {
  const {page, show, close} = await openHost();
  await show({cards: ['info', 'critical', 'warning'].map((indicator, at) => ({...card, indicator, summary: `Card ${at}`}))});
  assert.deepEqual(await page.locator('.badge').allInnerTexts(), ['Critical', 'Warning', 'Information']);
  assert.equal(await page.locator('.badge svg').count(), 3);
  assert.deepEqual(await axeFindings(page), []);
  await close();
});

const attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">' +
  ' [go](javascript:window.hacked=1) ![x](https://evil.test/x.png) \u202Edrow\u2066 ' + 'W'.repeat(400);

async function inert(page) {
  return page.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap((one) => one.shadowRoot ?? [])];
    const found = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
    return {
      hacked: window.hacked,
      foreign: found('img:not([src="/icon.svg"]), iframe, object, embed, script:not([src])').length,
      handlers: found('*').filter((one) => [...one.attributes].some((attribute) => attribute.name.startsWith('on'))).length,
      links: found('a[href]').map((one) => one.href).filter((href) => !/^https?:/.test(href)),
      wide: document.documentElement.scrollWidth - innerWidth,
    };
  });
}
const nothing = {hacked: undefined, foreign: 0, handlers: 0, links: [], wide: 0};

test('a hostile answer stays inert in the component', async () => {
  const {page, show, check, close} = await openHost();
  await page.evaluate(() => document.querySelectorAll('script').forEach((one) => one.remove()));
  const evil = {...card, summary: attack, detail: `**${attack}**\n\n- ${attack}\n\n# ${attack}`, indicator: '"><b>',
    source: {label: attack, topic: {display: attack, code: '"]'}}, links: [{label: attack, url: 'javascript:window.hacked=1', type: 'absolute'},
      {label: 'd', url: 'data:text/html,x'}], suggestions: [{label: attack, actions: [{type: attack, description: attack}]}]};
  await show({cards: [evil, {}, {summary: null, links: [{}]}]});
  assert.deepEqual(await inert(page), nothing);
  assert.ok(!(await page.locator('cds-cards').evaluate((one) => one.shadowRoot.textContent)).includes('\u202E'));
  assert.deepEqual(await check(), []);
  await close();
});

test('a hostile patient stays inert on every page', async () => {
  const request = JSON.parse(readFileSync(join(place.source, 'test-fixtures/requests/uc-infliximab-ciclosporin.json'), 'utf8'));
  const walk = (value, key) => {
    if (typeof value === 'string') return ['text', 'display', 'family'].includes(key) ? `${value} ${attack}` : value;
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]));
    return value;
  };
  const evil = walk(request, '');
  evil.prefetch.patient.name = [{family: `${attack}${'N'.repeat(10_000)}`, given: [attack]}];
  const {page, check, close} = await openPage(browser, server.url, {viewport: {width: 360, height: 800}});
  await page.goto(`${server.url}/#try`);
  await page.locator('textarea').fill(JSON.stringify(evil));
  await page.locator('button:has-text("Fire the hook")').click();
  await page.locator('cds-cards article').first().waitFor();
  await page.locator('summary:has-text("Answer")').click();
  assert.deepEqual(await inert(page), nothing, 'Try');
  await page.screenshot({path: join(pictures, 'hostile-try-360.png')});
  await page.locator('nav >> text=Explain').click();
  await page.locator('.timeline').waitFor();
  await page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => { fold.open = true; }));
  await page.locator('.rule-body').first().waitFor();
  assert.deepEqual(await inert(page), nothing, 'Explain');
  await page.screenshot({path: join(pictures, 'hostile-explain-360.png')});
  await page.locator('nav >> text=Feedback').click();
  await page.locator('caption').first().waitFor();
  assert.deepEqual(await inert(page), nothing, 'Feedback');
  assert.deepEqual(await check(), []);
  await close();
});
