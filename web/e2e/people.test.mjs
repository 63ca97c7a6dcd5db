// Somebody is invited, signs in, is changed and taken out; all of it stands in the audit log.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Demo, openBrowser, openPage, signIn } from './support.mjs';

let demo;
let browser;
let page;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
  page = await openPage(browser, demo);
  await signIn(page, demo);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

test('an invitation is shown once, sets a password once, and lets its owner in', async () => {
  await page.goto('/setup/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Name').fill('Carla');
  await sheet.getByLabel('E-mail').fill('carla@demo.example');
  await sheet.getByText('Support', { exact: true }).click();
  await sheet.getByRole('button', { name: 'Save' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).textContent();
  assert.match(link, /\/set-password#/);
  await page.getByRole('button', { name: 'Done' }).click();
  assert.ok(!(await page.content()).includes(link), 'it is nowhere any more');

  const carla = await openPage(browser, demo);
  const path = new URL(link);
  await carla.goto(path.pathname + path.hash);
  await carla.getByLabel('Password').fill('short');
  await carla.getByRole('button', { name: 'Save' }).click();
  await carla.locator('[slot=errorMessage]').or(carla.getByRole('alert')).first().waitFor();
  await carla.getByLabel('Password').fill('a password of hers');
  await carla.getByRole('button', { name: 'Save' }).click();
  await carla.getByText('Your password is set.').waitFor();
  await carla.getByRole('button', { name: 'Sign in' }).click();
  await carla.getByLabel('E-mail').fill('carla@demo.example');
  await carla.getByLabel('Password').fill('a password of hers');
  await carla.getByRole('button', { name: 'Sign in' }).click();
  await carla.getByRole('heading', { name: 'Mine' }).waitFor();

  const again = await openPage(browser, demo);
  await again.goto(path.pathname + path.hash);
  await again.getByLabel('Password').fill('a password of a thief');
  await again.getByRole('button', { name: 'Save' }).click();
  await again.getByRole('alert').waitFor();
  await again.context().close();

  const row = page.getByRole('row', { name: /Carla/ });
  await row.getByRole('button', { name: 'Change' }).click();
  await sheet.getByText(/^Since /).waitFor();
  await sheet.getByRole('button', { name: /State$/ }).click();
  await page.getByRole('option', { name: 'Off' }).click();
  await sheet.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Off').waitFor();
  await carla.getByText('Your session has ended').waitFor();
  await carla.context().close();
});

test('the last admin cannot be taken out, and is told so', async () => {
  await page
    .getByRole('row', { name: /Ada Admin/ })
    .getByRole('button', { name: 'Change' })
    .click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('This one').waitFor();
  await sheet.getByRole('button', { name: /Role$/ }).click();
  await page.getByRole('option', { name: 'Agent', exact: true }).click();
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.locator('[slot=errorMessage]').or(sheet.getByRole('alert')).first().waitFor();
  await page.keyboard.press('Escape');
});

test('a queue gets another name and loses an agent', async () => {
  await page.goto('/setup/queues');
  const row = page.getByRole('row', { name: /Support/ });
  await row.getByRole('button', { name: 'Change' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Name').fill('First line');
  await sheet.getByText('Bert Agent').click();
  await sheet.getByRole('button', { name: 'Save' }).click();
  const renamed = page.getByRole('row', { name: /First line/ });
  await renamed.waitFor();
  assert.ok(!(await renamed.textContent()).includes('Bert Agent'));
});
