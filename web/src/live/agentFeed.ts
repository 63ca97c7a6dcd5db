// The desk: one subscription that resumes after the cursor it holds.
import { graphql } from '../gql';
import type { AgentFeedSubscription } from '../gql/graphql';
import { queries, tellSessionEnd } from '../lib/graphql';
import { socket } from './connection';
import { putLastMessage, putOnDesk, replaceDesk, takeOffDesk } from './store';
import { announce } from './alerts';

const AGENT_FEED = graphql(/* GraphQL */ `
  subscription AgentFeed($after: EventCursor) {
    agentFeed(after: $after) {
      __typename
      ... on AgentSnapshot {
        position {
          cursor
        }
        inbox {
          ...ConversationRow
        }
        openWork {
          ...ConversationRow
        }
      }
      ... on AgentDelta {
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
          ... on ConversationLeft {
            conversationId
          }
          ... on MessageUpserted {
            isNew
            message {
              id
              sequence
              direction
              text
              status
              createdAt
              conversation {
                id
              }
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

type Frame = AgentFeedSubscription['agentFeed'];

const RESTART_AFTER_MS = 1_000;
/** Lists that are read page by page are read again at most this often. */
const REFRESH_LISTS_MS = 1_500;

let refreshing: ReturnType<typeof setTimeout> | undefined;

function refreshLists() {
  refreshing ??= setTimeout(() => {
    refreshing = undefined;
    void queries.invalidateQueries({ queryKey: ['conversations'] });
  }, REFRESH_LISTS_MS);
}

/** Follows the feed until told to stop. */
export function followDesk(): () => void {
  let cursor: string | undefined;
  let isStopped = false;
  let end: () => void = () => undefined;

  const take = (frame: Frame): boolean => {
    switch (frame.__typename) {
      case 'AgentSnapshot':
        replaceDesk([...frame.inbox, ...frame.openWork]);
        cursor = frame.position.cursor;
        refreshLists();
        return true;
      case 'AgentDelta':
        // A gap: what is held cannot be continued.
        if (frame.position.previous !== cursor) return false;
        for (const event of frame.events) takeEvent(event);
        cursor = frame.position.cursor;
        return true;
      default:
        return false;
    }
  };

  const start = () => {
    if (isStopped) return;
    const restart = (delay: number) => setTimeout(start, delay);
    end = socket().subscribe<AgentFeedSubscription>(
      {
        query: AGENT_FEED.toString(),
        // Read anew at each reconnection.
        get variables() {
          return { after: cursor };
        },
      },
      {
        next: ({ data, errors }) => {
          if (errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED')) {
            tellSessionEnd();
          } else if (data && !take(data.agentFeed)) {
            cursor = undefined;
            end();
            restart(0);
          }
        },
        error: () => restart(RESTART_AFTER_MS),
        complete: () => undefined,
      },
    );
  };
  start();
  return () => {
    isStopped = true;
    end();
  };
}

type DeskEvent = Extract<Frame, { __typename: 'AgentDelta' }>['events'][number];

function takeEvent(event: DeskEvent) {
  switch (event.__typename) {
    case 'ConversationUpserted':
      putOnDesk(event.conversation);
      refreshLists();
      break;
    case 'ConversationLeft':
      takeOffDesk(event.conversationId);
      refreshLists();
      break;
    case 'MessageUpserted':
      putLastMessage(event.message.conversation.id, event.message);
      if (event.isNew && event.message.direction === 'INBOUND') {
        announce(event.message.conversation.id, event.message.text);
      }
      break;
  }
}
