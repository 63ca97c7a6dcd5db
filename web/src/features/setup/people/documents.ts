import { graphql } from '../../../gql';

export const PERSON = graphql(/* GraphQL */ `
  fragment Person on Agent {
    id
    version
    displayName
    email
    role
    active
    queues {
      id
      name
    }
  }
`);

export const PEOPLE = graphql(/* GraphQL */ `
  query People($after: String) {
    agents(first: 50, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...Person
      }
    }
  }
`);

export const PEOPLE_CHOICES = graphql(/* GraphQL */ `
  query PeopleChoices {
    queues(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);

export const CREATE = graphql(/* GraphQL */ `
  mutation AgentCreate($input: AgentCreateInput!) {
    agentCreate(input: $input) {
      agent {
        ...Person
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const UPDATE = graphql(/* GraphQL */ `
  mutation AgentUpdate($input: AgentUpdateInput!) {
    agentUpdate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const INVITE = graphql(/* GraphQL */ `
  mutation AgentInvite($input: AgentInviteInput!) {
    agentInvite(input: $input) {
      invitationUrl
      expiresAt
      userErrors {
        message
      }
    }
  }
`);

export const SESSIONS = graphql(/* GraphQL */ `
  query Sessions($agentId: ID) {
    sessions(agentId: $agentId) {
      id
      createdAt
      expiresAt
      current
    }
  }
`);

export const END_SESSION = graphql(/* GraphQL */ `
  mutation SessionRevoke($input: SessionRevokeInput!) {
    sessionRevoke(input: $input) {
      userErrors {
        message
      }
    }
  }
`);
