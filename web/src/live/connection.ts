// The one socket. It comes back for ever, and notices a laptop that slept.
import { createClient, type Client } from 'graphql-ws';
import { useSyncExternalStore } from 'react';
import { tellSessionEnd } from '../lib/graphql';

export type ConnectionState = 'connecting' | 'live' | 'offline';

const WAIT_MS_MIN = 300;
const WAIT_MS_MAX = 8_000;
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
/** The credential is not good any more. */
const FORBIDDEN = 4403;

let client: Client | undefined;
let state: ConnectionState = 'connecting';
let lostAt: number | undefined;
const listeners = new Set<() => void>();

function become(next: ConnectionState) {
  if (next === state) return;
  state = next;
  lostAt = next === 'offline' ? (lostAt ?? Date.now()) : undefined;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): ConnectionState {
  return useSyncExternalStore(subscribe, () => state);
}

export function connectionLostAt(): number | undefined {
  return lostAt;
}

/** Waits until the pause is over, or until the browser says that the network is back. */
function pause(retries: number): Promise<void> {
  const ms = Math.min(WAIT_MS_MIN * 2 ** retries, WAIT_MS_MAX) + Math.random() * WAIT_MS_MIN;
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    document.addEventListener('visibilitychange', done);
  });
}

function open(): Client {
  let pongDue: ReturnType<typeof setTimeout> | undefined;
  const opened = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    keepAlive: PING_EVERY_MS,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: pause,
    on: {
      connected: () => become('live'),
      closed: (event) => {
        clearTimeout(pongDue);
        become('offline');
        if ((event as CloseEvent | undefined)?.code === FORBIDDEN) tellSessionEnd();
      },
      ping: (isReceived) => {
        if (isReceived) return;
        clearTimeout(pongDue);
        pongDue = setTimeout(() => opened.terminate(), PONG_WITHIN_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongDue);
      },
    },
  });
  return opened;
}

export function socket(): Client {
  client ??= open();
  return client;
}
