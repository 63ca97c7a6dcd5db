import { graphql } from '../../../gql';

export const CONSENT_ROW = graphql(/* GraphQL */ `
  fragment ConsentRow on Consent {
    id
    sequence
    address
    status
    source
    keyword
    evidence
    at
    actor {
      label
    }
    supportNumber {
      id
      number
    }
  }
`);

export const CONSENTS = graphql(/* GraphQL */ `
  query Consents($filter: ConsentFilter, $before: String) {
    consents(last: 50, filter: $filter, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      nodes {
        ...ConsentRow
      }
    }
  }
`);

export const LEDGER_CHECK = graphql(/* GraphQL */ `
  query ConsentLedgerCheck {
    consentLedgerCheck {
      lines
      problem
      whole
    }
  }
`);

export const CONSENT_SET = graphql(/* GraphQL */ `
  mutation ConsentSet($input: ConsentSetInput!) {
    consentSet(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const CONSENT_IMPORT = graphql(/* GraphQL */ `
  mutation ConsentImport($input: ConsentImportInput!) {
    consentImport(input: $input) {
      entered
      known
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const KEYWORDS = graphql(/* GraphQL */ `
  query Keywords {
    organization {
      version
      consentScope
      keywords {
        language
        optOut
        optIn
        help
        locked
        own
      }
    }
    supportNumbers(first: 100) {
      nodes {
        id
        number
      }
    }
  }
`);

export const SET_WORDS = graphql(/* GraphQL */ `
  mutation SetWords($input: OrganizationUpdateInput!) {
    organizationUpdate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const ANSWERS = graphql(/* GraphQL */ `
  query AutomatedMessages {
    organization {
      name
    }
    automatedMessages {
      trigger
      active
      texts {
        language
        text
        own
      }
    }
  }
`);

export const SET_ANSWER = graphql(/* GraphQL */ `
  mutation AutomatedMessageSet($input: AutomatedMessageSetInput!) {
    automatedMessageSet(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);
