// The pictures of the README, taken from the real thing: `make pictures`.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Demo, openBrowser, openPage, row } from './support.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const VIEWPORT = { width: 1440, height: 840 };
const NUMBER = '15550001111';
const CUSTOMERS = [
  ['14155550137', 'Hello? I have been waiting for the refund since Monday'],
  ['14155550162', 'Can I change the delivery address?'],
  ['393405550184', 'Buongiorno, siete aperti sabato mattina?'],
  ['14155550129', 'Thanks, that worked!'],
];

fs.mkdirSync(FOLDER, { recursive: true });
const [demo, browser] = await Promise.all([Demo.start({ isFirstRun: true }), openBrowser()]);
try {
  const page = await openPage(browser, demo, { viewport: VIEWPORT, colorScheme: 'light' });
  const take = (name) => page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled' });
  const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);
  const press = (role, name) => page.getByRole(role, { name, exact: true }).click();
  const textIn = async (from, text) => {
    const answer = await fetch(`${demo.url}/demo/phone/texts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from, to: NUMBER, text }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };

  await page.goto('/');
  await fill('Set-up code', demo.code);
  await fill('Organization', 'Acme Parcels');
  await fill('Your name', 'Lena Novak');
  await fill('E-mail', 'lena@acme.example');
  await fill('Password', 'a long enough password');
  await press('button', 'Claim and sign in');
  await press('button', 'Use the simulator');
  await press('button', 'Send as a customer');
  await press('link', 'Open it in the inbox');
  await row(page, 'open on Saturday').click();
  await press('button', 'Pick');
  await fill(
    'Reply',
    'Hi! Yes, on Saturday we are here from nine to one. Shall I keep it for you?',
  );
  await press('button', 'Send');
  await page.getByRole('log').getByText('Delivered').waitFor();
  await press('link', 'Getting started');
  await page.getByRole('log').getByText('Shall I keep it').waitFor();
  await page.getByRole('heading', { name: 'You are set up' }).waitFor();
  await take('start');

  for (const [from, text] of CUSTOMERS) await textIn(from, text);
  await fill('Text as a customer', 'Yes please, that would be great');
  await press('button', 'Send as a customer');
  await page.goto('/inbox/all');
  await row(page, CUSTOMERS.at(-1)[1]).waitFor();
  await row(page, 'that would be great').click();
  await page.getByRole('log').getByText('that would be great').waitFor();
  await fill('Reply', 'Done. It waits for you at the counter until one o’clock…');
  await page.getByRole('heading', { name: 'All open' }).hover();
  await take('inbox');
} finally {
  await browser.close();
  await demo.end();
}
