// What goes wrong is seen, and what a person does about it is done from the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Demo, openBrowser, openPage, signIn } from './support.mjs';

const UNKNOWN_NUMBER = '15550002222';

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

/** A callback that nobody we know has signed. */
async function forge() {
  const { channelAccounts } = await demo.ask(
    '{ channelAccounts(first: 1) { nodes { callbackUrl } } }',
  );
  const answer = await fetch(channelAccounts.nodes[0].callbackUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'TSA nobody:AAAA' },
    body: JSON.stringify({ forged: true }),
  });
  assert.equal(answer.status, 401);
}

test('a text that reaches nobody is told at once, and replayed once its number is set up', async () => {
  await demo.textIn('14155550199', 'Is anybody there?', UNKNOWN_NUMBER);
  const badge = page.getByRole('link', { name: '1 alert to look at' });
  await badge.click();
  const alert = page.getByRole('listitem').filter({ hasText: 'A text has reached nobody' });
  await alert.getByRole('button', { name: 'I have seen it' }).click();
  await alert.getByText('Seen by Ada Admin').waitFor();
  await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor();
  await alert.getByRole('link', { name: 'Show these texts' }).click();
  await page.waitForURL(/\/setup\/callbacks\?outcome=UNROUTED/);
  await page.getByRole('cell', { name: 'No number' }).waitFor();

  const { channelAccounts, workstreams } = await demo.ask(
    '{ channelAccounts(first: 1) { nodes { id } } workstreams(first: 1) { nodes { id } } }',
  );
  await demo.ask(
    'mutation ($input: SupportNumberAddInput!) { supportNumberAdd(input: $input) { userErrors { message } } }',
    {
      input: {
        channelAccountId: channelAccounts.nodes[0].id,
        workstreamId: workstreams.nodes[0].id,
        kind: 'GEO',
        number: UNKNOWN_NUMBER,
      },
    },
  );
  await page.getByRole('button', { name: 'Replay all that had no effect' }).click();
  await page.getByText('1 callback would have its effect.').waitFor();
  await page.getByRole('button', { name: 'Replay now' }).click();
  await page.getByText('1 callback has its effect now.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('Nothing has come yet').waitFor();
  await page.goto('/setup/callbacks?customer=14155550199');
  await page.getByRole('cell', { name: 'Applied' }).waitFor();
  await page.getByRole('link', { name: 'Conversation' }).click();
  await page.getByRole('log').getByText('Is anybody there?').waitFor();
});

test('the filters of the journal stand in the address and narrow the list', async () => {
  await page.goto('/setup/callbacks');
  await page.getByRole('cell', { name: 'Applied' }).first().waitFor();
  await page.getByRole('search').getByRole('button', { name: /Kind/ }).click();
  await page.getByRole('option', { name: 'Delivery report' }).click();
  await page.waitForURL(/kind=DELIVERY_REPORT/);
  await page.getByText('Nothing has come yet').waitFor();
  await page.getByRole('button', { name: /Kept for 30 days/ }).click();
  await page.getByRole('dialog').getByLabel('Days').fill('0');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').locator('[slot=errorMessage]').waitFor();
  await page.getByRole('dialog').getByLabel('Days').fill('45');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /Kept for 45 days/ }).waitFor();
});

test('a forged callback is in the quarantine and does nothing, however often it is checked', async () => {
  await forge();
  const chip = page.getByRole('cell', { name: /signature|another key/i });
  // Forgeries are written together once a second, and the feed does not tell of them.
  const deadline = Date.now() + 20_000;
  do {
    await page.goto('/setup/quarantine');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await chip
      .first()
      .waitFor({ timeout: 2_000 })
      .catch(() => undefined);
  } while (!(await chip.first().isVisible()) && Date.now() < deadline);
  await page.getByRole('button', { name: 'Check again' }).first().click();
  await page.getByText('None is signed with a key of the account.').waitFor();
  await page.getByRole('button', { name: 'Show' }).first().click();
  await page.getByRole('dialog').getByText('"forged": true').waitFor();
});

test('somebody is opted out with what they said, and a list is brought in', async () => {
  await page.goto('/setup/consents');
  await page.getByRole('button', { name: 'Record' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Customer').fill('+1 415 555 0177');
  await sheet.getByLabel('Evidence').fill('Said so on the telephone');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: 'Said so on the telephone' }).waitFor();
  await page.getByRole('cell', { name: 'Opted out' }).waitFor();

  await page.getByRole('button', { name: 'Import a list' }).click();
  await sheet.getByLabel('Numbers').fill('+1 415 555 0177\n+1 415 555 0178, 14155550179');
  await sheet.getByLabel('Evidence').fill('The old system');
  await sheet.getByRole('button', { name: 'Enter 3 numbers' }).click();
  await page.getByText('2 lines entered. 1 was known.').waitFor();
  await page.getByRole('button', { name: 'Check the ledger' }).click();
  await page.getByText('The ledger is whole: 3 lines').waitFor();

  await page.getByRole('search').getByLabel('Customer').fill('14155550178');
  await page.keyboard.press('Enter');
  await page.waitForURL(/address=14155550178$/);
  await page.getByRole('cell', { name: 'The old system' }).waitFor();
  assert.equal(await page.getByRole('row').count(), 2, 'the head and one line');
});

test('a word and an answer of one’s own are set, told apart from the built-in ones, and taken back', async () => {
  await page.goto('/setup/keywords');
  const italian = page.getByRole('region', { name: 'Italian' });
  await italian.getByRole('button', { name: 'Change' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Opt out').fill('basta, non voglio');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await italian.getByText('Yours', { exact: true }).waitFor();
  await italian.getByText('non voglio').waitFor();
  assert.equal(
    await page.getByText('Yours', { exact: true }).count(),
    1,
    'the other languages keep ours',
  );
  await italian.getByRole('button', { name: 'Change' }).click();
  await sheet.getByRole('button', { name: 'Back to the built-in words' }).click();
  await italian.getByText('Yours', { exact: true }).waitFor({ state: 'hidden' });

  await page.goto('/setup/answers');
  const help = page.getByRole('region', { name: 'When help is asked for' });
  await help.getByRole('listitem').filter({ hasText: 'English' }).getByRole('button').click();
  await sheet.getByLabel('Text', { exact: true }).fill('{{organization}} ➜ call us');
  await sheet.getByText('➜ make it longer').waitFor();
  await sheet.getByRole('figure').getByText('Demo ➜ call us').waitFor();
  await sheet.getByRole('button', { name: 'Save' }).click();
  await help.getByText('Demo ➜ call us').waitFor();
  await demo.textIn('14155550188', 'HELP');
  await page.goto('/inbox/all');
  const { automatedMessages } = await demo.ask(
    '{ automatedMessages { trigger texts { language own } } }',
  );
  const own = automatedMessages.flatMap(({ texts }) => texts).filter((text) => text.own);
  assert.equal(own.length, 1, 'the built-in texts were not frozen');
});

test('the times of a workstream are changed in the unit that people count in', async () => {
  await page.goto('/setup/workstreams');
  await page
    .getByRole('row', { name: /Customer care/ })
    .getByRole('button', { name: 'Change' })
    .click();
  const sheet = page.getByRole('dialog');
  const waiting = sheet.getByLabel('While it waits', { exact: true });
  assert.equal(await waiting.inputValue(), '1');
  await waiting.fill('2');
  await sheet.getByRole('button', { name: /Unit of “While it waits”/ }).click();
  await page.getByRole('option', { name: 'hours' }).click();
  await sheet.getByLabel('While it is wrapped up', { exact: true }).fill('90');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.locator('[slot=errorMessage]').waitFor();
  await sheet.getByLabel('While it is wrapped up', { exact: true }).fill('2');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'hidden' });
  const { workstreams } = await demo.ask(
    '{ workstreams(first: 1) { nodes { autoResolve { waitingSeconds wrapUpSeconds } } } }',
  );
  assert.deepEqual(workstreams.nodes[0].autoResolve, {
    waitingSeconds: 7200,
    wrapUpSeconds: 172_800,
  });
});

test('an agent neither sees alerts nor opens them', async () => {
  const anna = await openPage(browser, demo);
  await signIn(anna, demo, 'anna@demo.example');
  assert.equal(await anna.getByRole('link', { name: /alert/i }).count(), 0);
  await anna.goto('/alerts');
  await anna.getByText('Only supervisors and admins may open this.').waitFor();
  await anna.context().close();
});
