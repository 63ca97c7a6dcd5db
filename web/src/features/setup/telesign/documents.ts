import { graphql } from '../../../gql';
import type { ChannelAccountCardFragment } from '../../../gql/graphql';

export const CARD = graphql(/* GraphQL */ `
  fragment ChannelAccountCard on ChannelAccount {
    id
    version
    name
    customerId
    status
    callbackUrl
    lastCallbackAt
    stop {
      code
      description
      providerCode
      since
    }
    maxSendPerSecond
    credential {
      fingerprint
      setAt
    }
    lastValidation {
      checkedAt
      verdict
      ok
      explanation
    }
    callbackRequestEmail {
      to
      subject
      body
    }
  }
`);

export const ACCOUNTS = graphql(/* GraphQL */ `
  query ChannelAccounts($after: String) {
    channelAccounts(first: 20, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...ChannelAccountCard
      }
    }
  }
`);

export const CREATE = graphql(/* GraphQL */ `
  mutation ChannelAccountCreate($input: ChannelAccountCreateInput!) {
    channelAccountCreate(input: $input) {
      channelAccount {
        id
      }
      validation {
        verdict
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const VALIDATE = graphql(/* GraphQL */ `
  mutation ChannelAccountValidate($input: ChannelAccountValidateInput!) {
    channelAccountValidate(input: $input) {
      validation {
        ok
        verdict
        explanation
      }
      userErrors {
        message
      }
    }
  }
`);

export const ROTATE_KEY = graphql(/* GraphQL */ `
  mutation ChannelAccountRotateKey($input: ChannelAccountRotateKeyInput!) {
    channelAccountRotateKey(input: $input) {
      channelAccount {
        id
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export type AccountCard = ChannelAccountCardFragment;

export const RESUME = graphql(/* GraphQL */ `
  mutation ChannelAccountResume($input: ChannelAccountResumeInput!) {
    channelAccountResume(input: $input) {
      userErrors {
        message
      }
    }
  }
`);
