// How the binary hands the console out, and how much of it a browser has to take.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Demo, openBrowser, openPage, signIn } from './support.mjs';

const KILOBYTE = 1_000;
const INBOX_KILOBYTES_MAX = 230;
const LAZY_KILOBYTES_MAX = 60;
const STYLE_KILOBYTES_MAX = 20;

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.end();
});

const get = (name, headers = {}) => fetch(demo.url + name, { headers });

test('assets are kept for ever and compressed, the page is asked for again', async () => {
  const page = await get('/inbox/mine');
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(page.headers.get('content-security-policy'), /script-src 'self';/);
  assert.doesNotMatch(page.headers.get('content-security-policy'), /unsafe/);
  const script = /src="(\/assets\/[^"]+)"/.exec(await page.text())[1];
  for (const encoding of ['br', 'gzip']) {
    const asset = await get(script, { 'accept-encoding': encoding });
    assert.equal(asset.headers.get('content-encoding'), encoding);
    assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(asset.headers.get('vary'), 'accept-encoding');
    await asset.arrayBuffer();
  }
  const again = await get('/', { 'if-none-match': page.headers.get('etag') });
  assert.equal(again.status, 304);
  const missing = await get('/assets/old-1a2b3c.js');
  assert.equal(missing.status, 404);
  assert.equal(missing.headers.get('cache-control'), 'no-store');
});

test('the desk is light, and what is opened later is lighter', async () => {
  const dist = fileURLToPath(new URL('../dist/assets', import.meta.url));
  const sizeOf = (name) => gzipSync(fs.readFileSync(path.join(dist, name)), { level: 9 }).length;
  const page = await openPage(browser, demo);
  await signIn(page, demo);
  const loaded = new Set();
  page.on('response', (response) => {
    const name = /\/assets\/(.+\.js)$/.exec(response.url())?.[1];
    if (name) loaded.add(name);
  });
  await page.reload();
  await page.getByRole('heading', { name: 'Mine' }).waitFor();
  const kilobytes = [...loaded].reduce((sum, name) => sum + sizeOf(name), 0) / KILOBYTE;
  assert.ok(kilobytes > 50, 'the scripts were counted');
  assert.ok(kilobytes <= INBOX_KILOBYTES_MAX, `the inbox takes ${kilobytes} kB`);
  for (const name of fs.readdirSync(dist)) {
    if (name.endsWith('.js') && !loaded.has(name)) {
      assert.ok(sizeOf(name) <= LAZY_KILOBYTES_MAX * KILOBYTE, name);
    }
    if (name.endsWith('.css')) assert.ok(sizeOf(name) <= STYLE_KILOBYTES_MAX * KILOBYTE, name);
  }
  assert.deepEqual(page.complaints, []);
});
