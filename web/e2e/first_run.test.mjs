// A newcomer with an empty server and nobody to ask.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { Demo, openBrowser, openPage, row } from './support.mjs';

const ACTIONS_MAX = 14;
const JOURNEY_MS_MAX = 20_000;

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start({ isFirstRun: true }), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

async function check(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  assert.deepEqual(found, [], name);
}

test('who guesses the code is refused, and what was typed stays', async () => {
  const page = await openPage(browser, demo);
  await page.goto('/inbox/mine');
  await page.getByRole('heading', { name: 'Claim this server' }).waitFor();
  await check(page, 'claim');
  await page.getByRole('button', { name: 'Claim and sign in' }).click();
  await page.getByText('Needed', { exact: true }).nth(4).waitFor();
  await page.getByLabel('Set-up code').fill('0000-0000-0000-0000');
  await page.getByLabel('Organization').fill('Acme');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('E-mail').fill('ada@acme.example');
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Claim and sign in' }).click();
  await page.getByText('The set-up code is wrong').waitFor();
  assert.equal(await page.getByLabel('Organization').inputValue(), 'Acme');
  await page.context().close();
});

test('an empty server is claimed, texts in by itself and answers, in a few steps and without a reload', async (t) => {
  const page = await openPage(browser, demo);
  let actions = 0;
  let loads = 0;
  page.on('load', () => (loads += 1));
  const fill = async (label, text) => {
    actions += 1;
    await page.getByLabel(label, { exact: true }).fill(text);
  };
  const press = async (role, name) => {
    actions += 1;
    await page.getByRole(role, { name, exact: true }).click();
  };
  const begun = Date.now();
  await page.goto('/');
  await fill('Set-up code', demo.code);
  await fill('Organization', 'Acme');
  await fill('Your name', 'Ada Lovelace');
  await fill('E-mail', 'ada@acme.example');
  await fill('Password', 'a long enough password');
  await press('button', 'Claim and sign in');
  await press('button', 'Use the simulator');
  await press('button', 'Send as a customer');
  await press('link', 'Open it in the inbox');
  actions += 1;
  await row(page, 'Hi, are you open on Saturday?').click();
  await press('button', 'Pick');
  await fill('Reply', 'Yes, from nine to one.');
  await press('button', 'Send');
  await page.getByRole('log').getByText('Delivered').waitFor();
  const took = Date.now() - begun;
  await press('link', 'Getting started');
  await page.getByRole('log').getByText('Yes, from nine to one.').waitFor();
  await page.getByRole('heading', { name: 'You are set up' }).waitFor();
  assert.equal(await page.getByRole('img', { name: 'Done' }).count(), 5);
  t.diagnostic(`${actions} actions, reply delivered after ${took} ms`);
  assert.ok(actions <= ACTIONS_MAX, `${actions} actions`);
  assert.ok(took <= JOURNEY_MS_MAX, `${took} ms`);
  assert.equal(loads, 1);
  await check(page, 'start');
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a claimed server asks for a sign-in, and its simulator finds it again after a restart', async () => {
  await demo.restart();
  const page = await openPage(browser, demo);
  await page.goto('/start');
  await page.getByLabel('E-mail').fill('ada@acme.example');
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Text as a customer').fill('Are you still there?');
  await page.getByRole('button', { name: 'Send as a customer' }).click();
  await page.getByRole('link', { name: 'Open it in the inbox' }).waitFor();
  await page.goto('/inbox/all');
  await row(page, 'Are you still there?').waitFor();
  await page.context().close();
});
