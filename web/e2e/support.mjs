// Starts the real thing: the binary with its PostgreSQL and its simulated Telesign, and a browser.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const BINARY = fileURLToPath(new URL('../../target/debug/centralino', import.meta.url));
const START_MS_MAX = 120_000;
const STOP_MS_MAX = 30_000;
/** For whatever a screen has to show. */
export const DEADLINE_MS = 20_000;

/** A demo with a folder of its own; `restart` keeps folder and address. */
export class Demo {
  static async start(options = {}) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'console-'));
    // The embedded PostgreSQL runs as another user.
    fs.chmodSync(folder, 0o755);
    const demo = new Demo();
    demo.folder = folder;
    demo.isFirstRun = options.isFirstRun ?? false;
    await demo.run('127.0.0.1:0');
    return demo;
  }

  async run(listen) {
    const environment = {
      ...process.env,
      CENTRALINO_DATA_DIR: path.join(this.folder, 'data'),
      CENTRALINO_LISTEN: listen,
      CENTRALINO_LOG: 'warn',
    };
    delete environment.DATABASE_URL;
    const child = spawn(BINARY, this.isFirstRun ? ['demo', '--first-run'] : ['demo'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let said = '';
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not ready: ${said}`)), START_MS_MAX);
      const hear = (chunk) => {
        said += chunk;
        if (!this.isReady(said)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
    });
    this.url = /listening on (\S+)/.exec(said)[1];
    this.simulator = /(http:\/\/[^\s/]+)\/control\/inbound/.exec(said)?.[1];
    this.code ??= /set-up code (\S+)/.exec(said)?.[1];
    this.password ??= /admin@demo\.example\s+(\S+)/.exec(said)?.[1];
    this.token ??= /API token\s+(\S+)/.exec(said)?.[1];
  }

  /** Whether it has said all that is needed here. */
  isReady(said) {
    if (!this.isFirstRun) return /control\/inbound/.test(said);
    // Who has claimed it is told no code.
    return this.code ? /simulated Telesign/.test(said) : /set-up code/.test(said);
  }

  async stop(signal = 'SIGTERM') {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(timer);
  }

  async restart() {
    const { host } = new URL(this.url);
    await this.stop();
    await this.run(host);
  }

  async end() {
    await this.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** A customer's text, to the number that the demo has set up or to another. */
  async textIn(from, text, to = '15550001111') {
    const body = JSON.stringify({ from, to, text });
    const answer = await fetch(`${this.simulator}/control/inbound`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`the simulator refused: ${await answer.text()}`);
  }

  /** Asks the API as the admin's program would. */
  async ask(query, variables = {}) {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
}

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
}

/** A page of a new person; whatever it complains of is in `page.complaints`. */
export async function openPage(browser, demo, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: demo.url,
    ...options,
  });
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    page.complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return page;
}

export async function signIn(page, demo, email = 'admin@demo.example') {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(demo.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Mine' }).waitFor();
}

/** The row of the list that shows a text. */
export function row(page, text) {
  return page.getByRole('option').filter({ hasText: text });
}
