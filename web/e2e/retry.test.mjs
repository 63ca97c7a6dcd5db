// A text that failed stays red until another attempt is known, and is sent again by one press.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Demo, openBrowser, openPage, row, signIn } from './support.mjs';

const CUSTOMER = '14155550401';

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

async function control(path, body) {
  const answer = await fetch(`${demo.simulator}/control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('a failed text is sent again, and says in how many attempts', async () => {
  const page = await openPage(browser, demo);
  await signIn(page, demo, 'anna@demo.example');
  await demo.textIn(CUSTOMER, 'Can you hear me?');
  await page.goto('/inbox/unassigned');
  await row(page, 'Can you hear me?').click();
  await page.getByRole('button', { name: 'Pick' }).click();
  await control('plans', { phone_number: CUSTOMER, steps: [{ after_ms: 50, code: 207 }] });
  await page.getByLabel('Reply').fill('Loud and clear');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const again = page.getByRole('button', { name: 'Send again' });
  await again.waitFor();
  await control('plans', { phone_number: CUSTOMER, steps: [{ after_ms: 50, code: 200 }] });
  await again.click();
  await page.getByRole('log').getByText('Delivered', { exact: true }).waitFor();
  await page.getByText('Sent in 2 attempts').waitFor();
  assert.equal(await again.count(), 0);
  await page.context().close();
});
