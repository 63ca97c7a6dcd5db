// Texts that were sent here and that the server has not confirmed. A reload does not lose one.
import { useSyncExternalStore } from 'react';
import { graphql } from '../gql';
import type { SendTextMutation } from '../gql/graphql';
import { isPassing, reasonOf, request } from '../lib/graphql';
import { ownKey } from './owner';

const SEND_TEXT = graphql(/* GraphQL */ `
  mutation SendText($input: MessageSendInput!) {
    messageSend(input: $input) {
      message {
        ...MessageItem
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export interface Pending {
  /** Also the idempotency key: however often it is sent, the customer gets it once. */
  key: string;
  conversationId: string;
  text: string;
  createdAt: string;
  /** Lost connections so far. */
  failures: number;
}

type Sent = NonNullable<SendTextMutation['messageSend']>['message'];

const STORED_AS = 'outbox';
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 10_000;
/** Whoever wrote an older one decides anew, since the customer may have moved on. */
const ASK_AFTER_MS = 10 * 60_000;

let pending: readonly Pending[] = [];
const listeners = new Set<() => void>();

function load(): Pending[] {
  try {
    const stored = JSON.parse(localStorage.getItem(ownKey(STORED_AS)) ?? '[]') as Pending[];
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

function become(next: readonly Pending[]) {
  pending = next;
  localStorage.setItem(ownKey(STORED_AS), JSON.stringify(next));
  for (const listener of listeners) listener();
}

/** The server has it: by answer or by event, whichever comes first. */
export function settle(key: string) {
  if (pending.some((one) => one.key === key)) become(pending.filter((one) => one.key !== key));
}

export function usePending(conversationId: string): readonly Pending[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => pending,
  );
  return all.filter((one) => one.conversationId === conversationId);
}

export interface SendOutcome {
  message?: Sent;
  /** Why the server refused; the text belongs back into the composer. */
  refusal?: string;
}

/** Sends a text, again and again until the server answers; the key makes that harmless. */
export async function send(conversationId: string, text: string): Promise<SendOutcome> {
  const one: Pending = {
    key: crypto.randomUUID(),
    conversationId,
    text,
    createdAt: new Date().toISOString(),
    failures: 0,
  };
  become([...pending, one]);
  return carryOut(one);
}

async function carryOut(one: Pending): Promise<SendOutcome> {
  for (let failures = 0; ; failures += 1) {
    try {
      const { conversationId, text, key } = one;
      const input = { conversationId, text, idempotencyKey: key };
      const { messageSend } = await request(SEND_TEXT, { input });
      settle(one.key);
      const refusal = messageSend?.userErrors[0]?.message;
      return refusal ? { refusal } : { message: messageSend?.message };
    } catch (error) {
      if (!isPassing(error)) {
        settle(one.key);
        return { refusal: reasonOf(error) };
      }
      const count = failures + 1;
      become(
        pending.map((other) => (other.key === one.key ? { ...other, failures: count } : other)),
      );
      await untilRetry(failures);
    }
  }
}

function untilRetry(failures: number): Promise<void> {
  const ms = Math.min(RETRY_MS_MIN * 2 ** failures, RETRY_MS_MAX);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}

/** After a reload or a sign-in: what is young goes on, what is old is given back as a draft. */
export function resume(giveBack: (conversationId: string, text: string) => void) {
  pending = load();
  for (const one of pending) {
    if (Date.now() - Date.parse(one.createdAt) < ASK_AFTER_MS) {
      void carryOut(one).then(({ refusal }) => refusal && giveBack(one.conversationId, one.text));
    } else {
      settle(one.key);
      giveBack(one.conversationId, one.text);
    }
  }
}
