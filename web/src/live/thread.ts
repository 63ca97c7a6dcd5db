// The open conversation: its texts in order, followed live, older ones page by page.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { graphql } from '../gql';
import type { ConversationEventsSubscription } from '../gql/graphql';
import { request } from '../lib/graphql';
import { socket } from './connection';
import type { ConversationRow, MessageItem } from './fragments';
import { settle } from './outbox';
import { putRow } from './store';

const CONVERSATION_EVENTS = graphql(/* GraphQL */ `
  subscription ConversationEvents($id: ID!, $after: EventCursor) {
    conversationEvents(conversationId: $id, after: $after) {
      __typename
      ... on ConversationSnapshot {
        position {
          cursor
        }
        conversation {
          ...ConversationRow
        }
        messages {
          ...MessageItem
        }
      }
      ... on ConversationDelta {
        position {
          cursor
          previous
        }
        events {
          __typename
          ... on ConversationUpserted {
            conversation {
              ...ConversationRow
            }
          }
          ... on MessageUpserted {
            message {
              ...MessageItem
            }
          }
        }
      }
      ... on ResyncRequired {
        reason
      }
    }
  }
`);

const OLDER_MESSAGES = graphql(/* GraphQL */ `
  query OlderMessages($id: ID!, $before: String) {
    conversation(id: $id) {
      messages(last: 50, before: $before) {
        pageInfo {
          hasPreviousPage
          startCursor
        }
        nodes {
          ...MessageItem
        }
      }
    }
  }
`);

type Frame = ConversationEventsSubscription['conversationEvents'];

const RESTART_AFTER_MS = 1_000;

export interface ThreadState {
  phase: 'loading' | 'here' | 'missing';
  messages: readonly MessageItem[];
  hasOlder: boolean;
}

/** One conversation that is being looked at. */
export class Thread {
  private state: ThreadState = { phase: 'loading', messages: [], hasOlder: false };
  private readonly listeners = new Set<() => void>();
  private cursor: string | undefined;
  private isStopped = false;
  private end: () => void = () => undefined;
  private isReadingOlder = false;
  private olderCursor: string | null | undefined;

  constructor(private readonly id: string) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = () => this.state;

  start() {
    this.isStopped = false;
    this.follow();
  }

  stop() {
    this.isStopped = true;
    this.end();
  }

  private follow() {
    if (this.isStopped) return;
    const cursorOf = () => this.cursor;
    const id = this.id;
    this.end = socket().subscribe<ConversationEventsSubscription>(
      {
        query: CONVERSATION_EVENTS.toString(),
        // Read anew at each reconnection.
        get variables() {
          return { id, after: cursorOf() };
        },
      },
      {
        next: ({ data, errors }) => {
          if (errors?.length) this.become({ phase: 'missing' });
          else if (data && !this.take(data.conversationEvents)) this.restart();
        },
        error: (error) => {
          // Refused for good: there is no such conversation for this viewer.
          if (Array.isArray(error)) this.become({ phase: 'missing' });
          else setTimeout(() => this.follow(), RESTART_AFTER_MS);
        },
        complete: () => undefined,
      },
    );
  }

  private restart() {
    this.end();
    this.cursor = undefined;
    setTimeout(() => this.follow(), 0);
  }

  private take(frame: Frame): boolean {
    switch (frame.__typename) {
      case 'ConversationSnapshot': {
        putRow(frame.conversation);
        const oldest = frame.messages[0]?.sequence ?? 1;
        const kept = this.state.messages.filter((message) => message.sequence < oldest);
        this.put([...kept, ...frame.messages], (kept[0]?.sequence ?? oldest) > 1);
        break;
      }
      case 'ConversationDelta':
        if (frame.position.previous !== this.cursor) return false;
        for (const event of frame.events) {
          if (event.__typename === 'ConversationUpserted')
            putRow(event.conversation as ConversationRow);
          else this.put([event.message as MessageItem]);
        }
        break;
      default:
        return false;
    }
    this.cursor = frame.position.cursor;
    return true;
  }

  /** Takes what the server answered to a send, which may come before the event. */
  put(messages: readonly MessageItem[], hasOlder = this.state.hasOlder) {
    const bySequence = new Map(this.state.messages.map((message) => [message.sequence, message]));
    for (const message of messages) {
      const known = bySequence.get(message.sequence);
      if (known && known.statusChangedAt > message.statusChangedAt) continue;
      bySequence.set(message.sequence, message);
      if (message.idempotencyKey) settle(message.idempotencyKey);
    }
    const sorted = [...bySequence.values()].sort((one, other) => one.sequence - other.sequence);
    this.become({ phase: 'here', messages: sorted, hasOlder });
  }

  async readOlder() {
    if (this.isReadingOlder || !this.state.hasOlder) return;
    this.isReadingOlder = true;
    try {
      const oldest = this.state.messages[0]?.sequence ?? 0;
      // The first page repeats what the snapshot held; then the next one is read at once.
      while (this.state.hasOlder && this.state.messages[0]?.sequence === oldest) {
        const variables = { id: this.id, before: this.olderCursor };
        const { conversation } = await request(OLDER_MESSAGES, variables);
        if (!conversation) return;
        const { nodes, pageInfo } = conversation.messages;
        this.olderCursor = pageInfo.startCursor;
        this.put(nodes, pageInfo.hasPreviousPage);
      }
    } finally {
      this.isReadingOlder = false;
    }
  }

  private become(change: Partial<ThreadState>) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

export function useThread(id: string): [ThreadState, Thread] {
  const [thread] = useState(() => new Thread(id));
  useEffect(() => {
    thread.start();
    return () => thread.stop();
  }, [thread]);
  const state = useSyncExternalStore(thread.subscribe, thread.read);
  return [state, thread];
}
