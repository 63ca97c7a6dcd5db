// An agent's day: texts come by themselves, answers go out once, nothing that was typed is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Demo, openBrowser, openPage, row, signIn } from './support.mjs';

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

test('a text appears by itself, is picked, answered, delivered and resolved', async () => {
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  await page.getByRole('link', { name: /Unassigned/ }).click();
  await demo.textIn('14155550001', 'Where is my parcel?');
  await row(page, 'Where is my parcel?').click();
  await page.getByRole('log').getByText('Where is my parcel?').waitFor();
  await page.getByRole('button', { name: 'Pick' }).click();
  await page.getByLabel('Reply').fill('It arrives tomorrow.');
  await page.keyboard.press('Control+Enter');
  const log = page.getByRole('log');
  await log.getByText('It arrives tomorrow.').waitFor();
  await log.getByText('Delivered').waitFor();
  assert.equal(await log.getByText('It arrives tomorrow.').count(), 1, 'shown once');
  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await page.getByRole('link', { name: /Resolved/ }).click();
  await row(page, 'It arrives tomorrow.').waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('whoever says STOP is not written to, and the screen says why', async () => {
  await demo.textIn('14155550007', 'Can I change my address?');
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  await page.getByRole('link', { name: /Unassigned/ }).click();
  await row(page, 'Can I change my address?').click();
  await page.getByRole('button', { name: 'Pick' }).click();
  await page.getByLabel('Reply').fill('Certainly');
  await demo.textIn('14155550007', 'STOP');
  await page.getByText(/has opted out of texts/).waitFor();
  assert.equal(await page.getByLabel('Reply').count(), 0);
  await demo.textIn('14155550007', 'START');
  await page.getByLabel('Reply').waitFor();
  assert.equal(await page.getByLabel('Reply').inputValue(), 'Certainly', 'the draft is kept');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('an answer typed in one browser appears in another', async () => {
  await demo.textIn('14155550002', 'Are you open on Sunday?');
  const [anna, ada] = [await openPage(browser, demo), await openPage(browser, demo)];
  await signIn(anna, demo, 'anna@demo.example');
  await signIn(ada, demo);
  await anna.getByRole('link', { name: /Unassigned/ }).click();
  await row(anna, 'Are you open on Sunday?').click();
  await ada.getByRole('link', { name: 'All open' }).click();
  await row(ada, 'Are you open on Sunday?').click();
  await ada.getByRole('log').getByText('Are you open on Sunday?').waitFor();
  await anna.getByRole('button', { name: 'Pick' }).click();
  await anna.getByLabel('Reply').fill('Yes, from ten to four.');
  await anna.getByRole('button', { name: 'Send' }).click();
  await ada.getByRole('log').getByText('Yes, from ten to four.').waitFor();
  await ada.getByText(/Anna/).first().waitFor();
  assert.deepEqual([...anna.complaints, ...ada.complaints], []);
  await anna.context().close();
  await ada.context().close();
});

test('the desk is worked by keyboard alone', async () => {
  await demo.textIn('14155550003', 'First by keyboard');
  await demo.textIn('14155550004', 'Second by keyboard');
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  await page.keyboard.press('Control+k');
  await page
    .getByRole('searchbox')
    .or(page.getByPlaceholder(/A screen/))
    .first()
    .fill('unassig');
  await page.keyboard.press('Enter');
  await row(page, 'First by keyboard').waitFor();
  await page.keyboard.press('j');
  await page.getByRole('log').getByText('Second by keyboard').waitFor();
  await page.keyboard.press('j');
  await page.getByRole('log').getByText('First by keyboard').waitFor();
  await page.keyboard.press('p');
  await page.getByLabel('Reply').waitFor();
  await page.keyboard.press('r');
  // Letters are text now, shortcuts no longer.
  await page.keyboard.type('pick jkrew');
  assert.equal(await page.getByLabel('Reply').inputValue(), 'pick jkrew');
  await page.keyboard.press('Control+Shift+Enter');
  await page.getByRole('link', { name: /Resolved/ }).click();
  await row(page, 'pick jkrew').waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a draft survives a reload, and a restart of the server loses and doubles nothing', async () => {
  await demo.textIn('14155550005', 'Before the restart');
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  await page.getByRole('link', { name: /Unassigned/ }).click();
  await row(page, 'Before the restart').click();
  await page.getByRole('button', { name: 'Pick' }).click();
  await page.getByLabel('Reply').fill('A draft of mine');
  await page.reload();
  await page.getByRole('log').getByText('Before the restart').waitFor();
  assert.equal(await page.getByLabel('Reply').inputValue(), 'A draft of mine');
  await demo.stop();
  await page.getByText(/Not connected since/).waitFor();
  await page.keyboard.press('r');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Waiting for the connection…').waitFor();
  await demo.run(new URL(demo.url).host);
  await demo.textIn('14155550005', 'After the restart');
  const log = page.getByRole('log');
  await log.getByText('After the restart').waitFor();
  await log.getByText('Delivered').waitFor();
  assert.equal(await log.getByText('A draft of mine').count(), 1, 'sent once');
  assert.equal(await page.getByText(/Not connected since/).count(), 0);
  await page.context().close();
});

test('a session that ends asks to sign in, and the draft is still there', async () => {
  await demo.textIn('14155550006', 'Before the session ends');
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  await page.getByRole('link', { name: /Unassigned/ }).click();
  await row(page, 'Before the session ends').click();
  await page.getByRole('button', { name: 'Pick' }).click();
  await page.getByLabel('Reply').fill('Half a sentence');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Send' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill(demo.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('log').getByText('Before the session ends').waitFor();
  await page.getByLabel('Reply').waitFor();
  assert.equal(await page.getByLabel('Reply').inputValue(), 'Half a sentence');
  await page.context().close();
});
