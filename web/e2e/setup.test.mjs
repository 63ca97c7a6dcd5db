// An admin's hour: each refusal stands at its field, each secret is seen once.
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

test('the account shows that it works, and a wrong key is told in plain words', async () => {
  await page.goto('/setup/telesign');
  await page.getByRole('button', { name: 'Validate' }).click();
  await page.getByText('The credentials work.').waitFor();
  await page.getByRole('button', { name: 'Change the key' }).click();
  const sheet = page.getByRole('dialog');
  const wrong = Buffer.alloc(64, 7).toString('base64');
  await sheet.getByLabel('API key').fill(wrong);
  await sheet.getByRole('button', { name: 'Check and change' }).click();
  await sheet.getByRole('alert').or(sheet.locator('[slot=errorMessage]')).first().waitFor();
  assert.equal(await sheet.getByLabel('API key').inputValue(), wrong, 'what was typed is kept');
  await page.keyboard.press('Escape');
  const everything = await page.content();
  assert.ok(!everything.includes(wrong), 'the key is nowhere in the page');
});

test('a number that is not digits is refused at its field, and the focus goes there', async () => {
  await page.goto('/setup/numbers');
  await page.getByRole('button', { name: 'Add a number' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Number', { exact: true }).fill('+1 555 000 3333');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet
    .getByText(/digits/i)
    .nth(1)
    .waitFor();
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('name'));
  assert.equal(focused, 'number');
  await sheet.getByLabel('Number', { exact: true }).fill('15550003333');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: '15550003333' }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('a queue, a workstream and a person are made and seen at once', async () => {
  await page.goto('/setup/queues');
  await page.getByRole('button', { name: 'Add a queue' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Returns');
  await page.getByRole('dialog').getByText('Anna').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Returns' }).waitFor();
  await page.goto('/setup/workstreams');
  await page.getByRole('button', { name: 'Add a workstream' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Returns by SMS');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Returns by SMS' }).waitFor();
  await page.goto('/setup/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Name').fill('Carla');
  await sheet.getByLabel('E-mail').fill('carla@demo.example');
  await sheet.getByLabel('Password').fill('short');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.getByText(/a password has/).waitFor();
  await sheet.getByLabel('Password').fill('a long enough password');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Carla' }).first().waitFor();
});

test('the secret of a token is shown once and then nowhere', async () => {
  await page.goto('/setup/tokens');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('The warehouse');
  await page.getByRole('dialog').getByRole('button', { name: 'Make' }).click();
  const secret = await page.getByRole('textbox', { name: 'Token' }).textContent();
  assert.match(secret, /^ct_/);
  await page.reload();
  await page.getByRole('cell', { name: 'The warehouse' }).first().waitFor();
  assert.ok(!(await page.content()).includes(secret));
});

test('an agent finds no way into the set-up', async () => {
  const anna = await openPage(browser, demo);
  await signIn(anna, demo, 'anna@demo.example');
  assert.equal(await anna.getByRole('link', { name: 'Set-up' }).count(), 0);
  await anna.goto('/setup/people');
  await anna.getByText('Only admins may open this.').waitFor();
  await anna.context().close();
});
