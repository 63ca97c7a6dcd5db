// Whatever an admin changes can be read again: who, what, before and after.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Demo, openBrowser, openPage, signIn } from './support.mjs';

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

test('a change is in the audit log with what was before, and the log can be narrowed', async () => {
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  await page.goto('/setup/workstreams');
  const row = page.getByRole('row', { name: /Customer care/ });
  await row.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Care of customers');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Care of customers' }).waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  const entry = page.getByRole('row', { name: /workstreamUpdate/ });
  await entry.getByText('Ada Admin').waitFor();
  await entry.getByRole('button', { name: 'Show' }).click();
  const change = page.getByRole('dialog').getByRole('row', { name: /^name/ });
  await change.getByText('Customer care').waitFor();
  await change.getByText('Care of customers').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('search').getByLabel('Action').fill('queueUpdate');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing has been changed.').waitFor();
  assert.match(page.url(), /action=queueUpdate/);
  await page.context().close();
});
