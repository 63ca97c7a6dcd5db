// Whoever cannot see, point or read left to right works here too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { Demo, openBrowser, openPage, row, signIn } from './support.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SETUP = [
  'telesign',
  'numbers',
  'workstreams',
  'queues',
  'consents',
  'keywords',
  'answers',
  'people',
  'tokens',
  'callbacks?outcome=UNROUTED',
  'quarantine',
  'audit',
];

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
  await demo.textIn('14155550101', 'A text to look at');
  await demo.textIn('14155550102', 'A text that reaches nobody', '15550002222');
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

async function check(page, name) {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
  assert.deepEqual(found, [], name);
}

for (const colorScheme of ['light', 'dark']) {
  for (const language of ['en', 'ar']) {
    test(`no screen has a violation: ${colorScheme}, ${language}`, async () => {
      const page = await openPage(browser, demo, { colorScheme, reducedMotion: 'reduce' });
      await page.goto('/');
      await page.getByLabel('E-mail').waitFor();
      await check(page, 'sign-in');
      await signIn(page, demo);
      await page.evaluate((value) => localStorage.setItem('language', value), language);
      await page.goto('/inbox/all');
      await row(page, 'A text to look at').click();
      await page.getByRole('log').getByText('A text to look at').waitFor();
      const direction = await page.evaluate(() => document.documentElement.dir);
      assert.equal(direction, language === 'ar' ? 'rtl' : 'ltr');
      await check(page, 'conversation');
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
      await check(page, 'palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
      await check(page, 'shortcuts');
      for (const screen of ['alerts', ...SETUP.map((name) => `setup/${name}`)]) {
        await page.goto(`/${screen}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        await check(page, screen);
      }
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
}

test('a telephone shows the list, then the conversation, and nothing runs off its edge', async () => {
  const page = await openPage(browser, demo, { viewport: { width: 360, height: 740 } });
  await signIn(page, demo);
  await page.goto('/inbox/all');
  await row(page, 'A text to look at').click();
  await page.getByRole('log').getByText('A text to look at').waitFor();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok((await overflow()) <= 0, 'the conversation fits');
  await page.getByRole('button', { name: 'Back' }).click();
  await row(page, 'A text to look at').waitFor();
  assert.ok((await overflow()) <= 0, 'the list fits');
  for (const screen of ['alerts', ...SETUP.map((name) => `setup/${name}`)]) {
    await page.goto(`/${screen}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    assert.ok((await overflow()) <= 0, `${screen} fits`);
  }
  await page.context().close();
});
