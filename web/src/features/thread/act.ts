// What an agent does to a conversation besides writing, each refused when the screen is outdated.
import i18next from 'i18next';
import { graphql } from '../../gql';
import type { ResolutionReason, WaitingOn } from '../../gql/graphql';
import { reasonOf, request } from '../../lib/graphql';
import type { ConversationRow, MessageItem } from '../../live/fragments';
import { putRow } from '../../live/store';
import { sayFailed } from '../../ui/Toasts';

const PICK = graphql(/* GraphQL */ `
  mutation Pick($input: ConversationPickInput!) {
    result: conversationPick(input: $input) {
      conversation {
        ...ConversationRow
      }
      userErrors {
        message
      }
    }
  }
`);

const WAIT = graphql(/* GraphQL */ `
  mutation Wait($input: ConversationWaitInput!) {
    result: conversationWait(input: $input) {
      conversation {
        ...ConversationRow
      }
      userErrors {
        message
      }
    }
  }
`);

const RESUME = graphql(/* GraphQL */ `
  mutation Resume($input: ConversationResumeInput!) {
    result: conversationResume(input: $input) {
      conversation {
        ...ConversationRow
      }
      userErrors {
        message
      }
    }
  }
`);

const WRAP_UP = graphql(/* GraphQL */ `
  mutation WrapUp($input: ConversationWrapUpInput!) {
    result: conversationWrapUp(input: $input) {
      conversation {
        ...ConversationRow
      }
      userErrors {
        message
      }
    }
  }
`);

const RESOLVE = graphql(/* GraphQL */ `
  mutation Resolve($input: ConversationResolveInput!) {
    result: conversationResolve(input: $input) {
      conversation {
        ...ConversationRow
      }
      userErrors {
        message
      }
    }
  }
`);

const RETRY = graphql(/* GraphQL */ `
  mutation Retry($input: MessageRetryInput!) {
    messageRetry(input: $input) {
      message {
        ...MessageItem
      }
      userErrors {
        message
      }
    }
  }
`);

interface Payload {
  result?: {
    conversation?: ConversationRow | null;
    userErrors: { message: string }[];
  } | null;
}

/** Whether it was done; why not is said. */
async function carryOut(asked: Promise<Payload>): Promise<boolean> {
  try {
    const { result } = await asked;
    if (result?.conversation) putRow(result.conversation);
    const refusal = result?.userErrors[0]?.message;
    if (refusal) sayFailed(refusal);
    return refusal === undefined;
  } catch (error) {
    sayFailed(i18next.t('thread.notDone', { reason: reasonOf(error) }));
    return false;
  }
}

function target({ id, version }: ConversationRow) {
  return { conversationId: id, expectedVersion: version };
}

export function pick(row: ConversationRow) {
  return carryOut(request(PICK, { input: target(row) }));
}

export function wait(row: ConversationRow, waitingOn: WaitingOn) {
  return carryOut(request(WAIT, { input: { ...target(row), waitingOn } }));
}

export function resume(row: ConversationRow) {
  return carryOut(request(RESUME, { input: target(row) }));
}

export function wrapUp(row: ConversationRow) {
  return carryOut(request(WRAP_UP, { input: target(row) }));
}

export function resolve(row: ConversationRow, reason: ResolutionReason = 'SOLVED') {
  return carryOut(request(RESOLVE, { input: { ...target(row), reason } }));
}

/** Has a text sent once more; a press that is repeated by a bad line is one attempt. */
export async function retry(message: MessageItem): Promise<MessageItem | undefined> {
  const input = { messageId: message.id, idempotencyKey: crypto.randomUUID() };
  try {
    const { messageRetry } = await request(RETRY, { input });
    const refusal = messageRetry?.userErrors[0]?.message;
    if (refusal) sayFailed(refusal);
    return messageRetry?.message ?? undefined;
  } catch (error) {
    sayFailed(i18next.t('thread.notDone', { reason: reasonOf(error) }));
    return undefined;
  }
}
