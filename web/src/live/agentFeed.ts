// The desk: one subscription that resumes after the cursor it holds.
import { graphql } from '../gql';
import type { AgentFeedSubscription } from '../gql/graphql';
import { queries } from '../lib/graphql';
import { putLastMessage, putOnDesk, replaceDesk, takeOffDesk } from './store';
import { announce } from './alerts';
import { follow, type Taken } from './follow';
import { alertsHaveChanged } from './openAlerts';
import { setupMayHaveMoved } from './setup';

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
          ... on AlertRaised {
            alert {
              id
            }
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
  return follow({
    document: AGENT_FEED,
    variables: {},
    take: ({ agentFeed }, held) => take(agentFeed, held),
  });
}

function take(frame: Frame, held: Taken): Taken {
  switch (frame.__typename) {
    case 'AgentSnapshot':
      replaceDesk([...frame.inbox, ...frame.openWork]);
      refreshLists();
      alertsHaveChanged();
      return frame.position.cursor;
    case 'AgentDelta':
      // A gap: what is held cannot be continued.
      if (frame.position.previous !== held) return undefined;
      for (const event of frame.events) takeEvent(event);
      return frame.position.cursor;
    default:
      return undefined;
  }
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
    case 'AlertRaised':
      alertsHaveChanged();
      break;
    case 'MessageUpserted':
      setupMayHaveMoved();
      putLastMessage(event.message.conversation.id, event.message);
      if (event.isNew && event.message.direction === 'INBOUND') {
        announce(event.message.conversation.id, event.message.text);
      }
      break;
  }
}
