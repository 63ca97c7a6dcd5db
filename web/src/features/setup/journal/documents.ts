import { graphql } from '../../../gql';

export const CALLBACK_ROW = graphql(/* GraphQL */ `
  fragment CallbackRow on CallbackRecord {
    id
    kind
    outcome
    detail
    reference
    body
    receivedAt
    replayedAt
    conversation {
      id
    }
  }
`);

export const CALLBACKS = graphql(/* GraphQL */ `
  query Callbacks($filter: CallbackFilter, $before: String) {
    callbacks(last: 50, filter: $filter, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      nodes {
        ...CallbackRow
      }
    }
  }
`);

export const REPLAY = graphql(/* GraphQL */ `
  mutation CallbackReplay($input: CallbackReplayInput!) {
    callbackReplay(input: $input) {
      replayed
      refused
      last
      hasMore
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const RETENTION = graphql(/* GraphQL */ `
  query CallbackRetention {
    organization {
      version
      callbackRetentionDays
    }
  }
`);

export const KEEP = graphql(/* GraphQL */ `
  mutation OrganizationUpdate($input: OrganizationUpdateInput!) {
    organizationUpdate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const QUARANTINE_ROW = graphql(/* GraphQL */ `
  fragment QuarantineRow on QuarantinedCallback {
    id
    reason
    body
    bodyBytes
    times
    firstAt
    lastAt
    channelAccount {
      id
      name
    }
  }
`);

export const QUARANTINE = graphql(/* GraphQL */ `
  query Quarantine($before: String) {
    quarantinedCallbacks(last: 50, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      nodes {
        ...QuarantineRow
      }
    }
  }
`);

export const LET_THROUGH = graphql(/* GraphQL */ `
  mutation QuarantineReplay($input: QuarantineReplayInput!) {
    quarantineReplay(input: $input) {
      released
      refused
      hasMore
      userErrors {
        message
      }
    }
  }
`);
