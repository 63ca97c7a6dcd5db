// What the desk knows of a conversation and of a message.
import { graphql } from '../gql';
import type { ConversationRowFragment, MessageItemFragment } from '../gql/graphql';

export const CONVERSATION_ROW = graphql(/* GraphQL */ `
  fragment ConversationRow on Conversation {
    id
    version
    status
    statusChangedAt
    createdAt
    updatedAt
    language
    lastInboundAt
    waitingOn
    resolutionReason
    optedOut
    viewerCan
    customer {
      displayName
      address
    }
    assignment {
      assignedAt
      agent {
        id
        displayName
      }
    }
    queue {
      id
      name
    }
    supportNumber {
      id
      number
    }
    workstream {
      id
      name
    }
    lastMessage {
      id
      sequence
      direction
      text
      status
      createdAt
    }
  }
`);

export const MESSAGE_ITEM = graphql(/* GraphQL */ `
  fragment MessageItem on Message {
    id
    sequence
    direction
    text
    status
    statusChangedAt
    createdAt
    encoding
    segments
    idempotencyKey
    author {
      role
      displayName
      agent {
        id
      }
    }
    failure {
      code
      description
      providerCode
    }
    attempts {
      number
    }
    viewerCan
  }
`);

export type ConversationRow = ConversationRowFragment;
export type MessageItem = MessageItemFragment;
