// Lists and notifications follow the feed: nobody has to read anything again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Demo, openBrowser, openPage, row, signIn } from './support.mjs';

/** Below the pause after which lists are read again by the clock. */
const SOON_MS = 8_000;

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

test('a list that is read page by page shows what the feed tells, and loses what is over', async () => {
  const page = await openPage(browser, demo);
  await signIn(page, demo, 'anna@demo.example');
  await page.goto('/inbox/all');
  await page.getByText('Nothing here').waitFor();
  await demo.textIn('14155550301', 'First of all');
  await row(page, 'First of all').waitFor({ timeout: SOON_MS });
  await demo.textIn('14155550302', 'Second of all');
  await row(page, 'Second of all').waitFor({ timeout: SOON_MS });
  const texts = await page.getByRole('option').allTextContents();
  assert.ok(texts[0].includes('First of all'), 'who waits longest stands first');
  await row(page, 'First of all').click();
  await page.getByRole('button', { name: 'Pick' }).click();
  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await row(page, 'First of all').waitFor({ state: 'hidden', timeout: SOON_MS });
  await page.goto('/inbox/resolved');
  await row(page, 'First of all').waitFor();
  await page.goto('/inbox/mine');
  await page.getByRole('link', { name: '1 conversation waits for an agent' }).click();
  await row(page, 'Second of all').waitFor();
  await page.context().close();
});

test('a press on a notification opens its conversation', async () => {
  const page = await openPage(browser, demo);
  await page.addInitScript(() => {
    localStorage.setItem('sound', 'desk');
    window.shown = [];
    window.Notification = class {
      static permission = 'granted';
      constructor(title, options) {
        window.shown.push(this);
        this.body = options.body;
      }
      close() {}
    };
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  });
  await signIn(page, demo, 'bert@demo.example');
  await row(page, 'Second of all')
    .or(page.getByRole('link', { name: /waits for an agent/ }))
    .first()
    .waitFor();
  await demo.textIn('14155550303', 'Look over here');
  await page.waitForFunction(() => window.shown.some(({ body }) => body === 'Look over here'));
  await page.evaluate(() =>
    window.shown.find(({ body }) => body === 'Look over here').onclick(new Event('click')),
  );
  await page.getByRole('log').getByText('Look over here').waitFor();
  await page.context().close();
});
