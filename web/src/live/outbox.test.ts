import { beforeEach, expect, test, vi } from 'vitest';

const answers: (() => Promise<unknown>)[] = [];
const asked: { idempotencyKey: string }[] = [];

beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
  localStorage.clear();
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (_url: string, { body }: { body: string }) => {
    asked.push(
      (JSON.parse(body) as { variables: { input: { idempotencyKey: string } } }).variables.input,
    );
    return answers.shift()!();
  });
});

const lost = () => Promise.reject(new TypeError('network'));
const answer = (data: unknown) => () =>
  Promise.resolve(new Response(JSON.stringify({ data: { messageSend: data } })));
const message = { id: 'msg_1', sequence: 1 };

test('a lost answer is asked for again with the same key', async () => {
  const { send } = await import('./outbox');
  answers.push(lost, lost, answer({ message, userErrors: [] }));
  const outcome = send('cnv_1', 'Hello');
  await vi.runAllTimersAsync();
  expect(await outcome).toEqual({ message });
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map((input) => input.idempotencyKey)).size).toBe(1);
  expect(JSON.parse(localStorage.getItem(':outbox')!)).toEqual([]);
});

test('what the server refuses is not tried again and comes back with the reason', async () => {
  const { send } = await import('./outbox');
  answers.push(answer({ message: null, userErrors: [{ code: 'X', message: 'opted out' }] }));
  expect(await send('cnv_1', 'Hello')).toEqual({ refusal: 'opted out' });
  expect(asked).toHaveLength(1);
});

test('a text that waits survives a reload and goes on by itself', async () => {
  const first = await import('./outbox');
  answers.push(lost);
  void first.send('cnv_1', 'Hello');
  await vi.advanceTimersByTimeAsync(0);
  const stored = localStorage.getItem(':outbox')!;
  vi.clearAllTimers();
  vi.resetModules();
  localStorage.setItem(':outbox', stored);
  const second = await import('./outbox');
  answers.push(answer({ message, userErrors: [] }));
  const givenBack: string[] = [];
  second.resume((_id, text) => givenBack.push(text));
  await vi.runAllTimersAsync();
  expect(asked[1]!.idempotencyKey).toBe(asked[0]!.idempotencyKey);
  expect(givenBack).toEqual([]);
});

test('an old one is not sent behind its author’s back but given back as a draft', async () => {
  const created = new Date(Date.now() - 11 * 60_000).toISOString();
  const old = { key: 'k', conversationId: 'cnv_1', text: 'Old', createdAt: created, failures: 3 };
  localStorage.setItem(':outbox', JSON.stringify([old]));
  const { resume } = await import('./outbox');
  const givenBack: string[] = [];
  resume((_id, text) => givenBack.push(text));
  expect(givenBack).toEqual(['Old']);
  expect(asked).toEqual([]);
});

test('a colleague who signs in on the same browser sends none of it', async () => {
  const first = await import('./outbox');
  const { setOwner } = await import('./owner');
  setOwner('agt_anna');
  answers.push(lost);
  void first.send('cnv_1', 'Hello from Anna');
  await vi.advanceTimersByTimeAsync(0);
  const stored = localStorage.getItem('agt_anna:outbox')!;
  vi.clearAllTimers();
  vi.resetModules();
  const second = await import('./outbox');
  (await import('./owner')).setOwner('agt_bert');
  second.resume(() => undefined);
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(1);
  expect(localStorage.getItem('agt_anna:outbox')).toBe(stored);
});
