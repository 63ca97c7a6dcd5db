// The open conversation: its texts in order, followed live, older ones page by page.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { graphql } from '../gql';
import type { ConversationEventsSubscription } from '../gql/graphql';
import { request } from '../lib/graphql';
import type { ConversationRow, MessageItem } from './fragments';
import { follow, type Taken } from './follow';
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

export interface ThreadState {
  phase: 'loading' | 'here' | 'missing';
  messages: readonly MessageItem[];
  hasOlder: boolean;
}

/** One conversation that is being looked at. */
export class Thread {
  private state: ThreadState = { phase: 'loading', messages: [], hasOlder: false };
  private readonly listeners = new Set<() => void>();
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
    this.end = follow({
      document: CONVERSATION_EVENTS,
      variables: { id: this.id },
      take: ({ conversationEvents }, held) => this.take(conversationEvents, held),
      // There is no such conversation for this viewer.
      onRefused: () => this.become({ phase: 'missing' }),
    });
  }

  stop() {
    this.end();
  }

  private take(frame: Frame, held: Taken): Taken {
    switch (frame.__typename) {
      case 'ConversationSnapshot': {
        putRow(frame.conversation);
        const oldest = frame.messages[0]?.sequence ?? 1;
        const known = this.state.messages.filter((message) => message.sequence < oldest);
        // What is known from before has to reach up to the snapshot, or texts between were missed.
        const kept = (known.at(-1)?.sequence ?? 0) + 1 === oldest ? known : [];
        this.olderCursor = undefined;
        this.become({ messages: kept });
        this.put(frame.messages, (kept[0]?.sequence ?? oldest) > 1);
        break;
      }
      case 'ConversationDelta':
        if (frame.position.previous !== held) return undefined;
        for (const event of frame.events) {
          if (event.__typename === 'ConversationUpserted')
            putRow(event.conversation as ConversationRow);
          else this.put([event.message as MessageItem]);
        }
        break;
      default:
        return undefined;
    }
    return frame.position.cursor;
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
