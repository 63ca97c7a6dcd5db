/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation SignOut {\n    sessionRevoke(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  query Viewer {\n    viewer {\n      role\n      agent {\n        id\n        displayName\n        email\n      }\n      queues {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  mutation AlertAcknowledge($input: AlertAcknowledgeInput!) {\n    alertAcknowledge(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.AlertAcknowledgeDocument,
    "\n  query Senders {\n    supportNumbers(first: 100, filter: { active: true }) {\n      nodes {\n        id\n        number\n        description\n        workstream {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.SendersDocument,
    "\n  mutation StartConversation($input: ConversationStartInput!) {\n    conversationStart(input: $input) {\n      conversation {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.StartConversationDocument,
    "\n  mutation SetupComplete($input: SetupCompleteInput!) {\n    setupComplete(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SetupCompleteDocument,
    "\n  query Chosen {\n    queues(first: 1) {\n      nodes {\n        id\n      }\n    }\n    workstreams(first: 1) {\n      nodes {\n        id\n      }\n    }\n    channelAccounts(first: 100) {\n      nodes {\n        id\n        customerId\n        callbackUrl\n      }\n    }\n    supportNumbers(first: 100) {\n      nodes {\n        number\n      }\n    }\n  }\n": typeof types.ChosenDocument,
    "\n  mutation FirstQueue($input: QueueCreateInput!) {\n    made: queueCreate(input: $input) {\n      queue {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FirstQueueDocument,
    "\n  mutation FirstWorkstream($input: WorkstreamCreateInput!) {\n    made: workstreamCreate(input: $input) {\n      workstream {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FirstWorkstreamDocument,
    "\n  mutation FirstAccount($input: ChannelAccountCreateInput!) {\n    made: channelAccountCreate(input: $input) {\n      channelAccount {\n        id\n        callbackUrl\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FirstAccountDocument,
    "\n  mutation FirstNumber($input: SupportNumberAddInput!) {\n    made: supportNumberAdd(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.FirstNumberDocument,
    "\n  query Conversations(\n    $filter: ConversationFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    conversations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...ConversationRow\n      }\n    }\n  }\n": typeof types.ConversationsDocument,
    "\n  mutation PasswordSet($input: PasswordSetInput!) {\n    passwordSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.PasswordSetDocument,
    "\n  mutation SignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  fragment NumberRow on SupportNumber {\n    id\n    version\n    number\n    kind\n    description\n    active\n    channelAccount {\n      id\n      name\n    }\n    workstream {\n      id\n      name\n    }\n  }\n": typeof types.NumberRowFragmentDoc,
    "\n  query Numbers($after: String) {\n    supportNumbers(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...NumberRow\n      }\n    }\n  }\n": typeof types.NumbersDocument,
    "\n  query NumberChoices {\n    channelAccounts(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n    workstreams(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": typeof types.NumberChoicesDocument,
    "\n  mutation SupportNumberAdd($input: SupportNumberAddInput!) {\n    supportNumberAdd(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SupportNumberAddDocument,
    "\n  mutation SupportNumberUpdate($input: SupportNumberUpdateInput!) {\n    supportNumberUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SupportNumberUpdateDocument,
    "\n  fragment QueueRow on Queue {\n    id\n    version\n    name\n    description\n    active\n    agents(first: 100) {\n      nodes {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.QueueRowFragmentDoc,
    "\n  query Queues($after: String) {\n    queues(first: 5, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...QueueRow\n      }\n    }\n  }\n": typeof types.QueuesDocument,
    "\n  query QueueChoices {\n    agents(first: 100) {\n      nodes {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.QueueChoicesDocument,
    "\n  mutation QueueCreate($input: QueueCreateInput!) {\n    queueCreate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.QueueCreateDocument,
    "\n  mutation QueueUpdate($input: QueueUpdateInput!) {\n    queueUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.QueueUpdateDocument,
    "\n  query Tokens($after: String) {\n    apiTokens(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        prefix\n        role\n        createdAt\n        lastUsedAt\n        expiresAt\n        revokedAt\n        agent {\n          id\n          displayName\n        }\n      }\n    }\n  }\n": typeof types.TokensDocument,
    "\n  mutation ApiTokenCreate($input: ApiTokenCreateInput!) {\n    apiTokenCreate(input: $input) {\n      secret\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ApiTokenCreateDocument,
    "\n  mutation ApiTokenRevoke($input: ApiTokenRevokeInput!) {\n    apiTokenRevoke(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ApiTokenRevokeDocument,
    "\n  mutation WorkstreamCreate($input: WorkstreamCreateInput!) {\n    workstreamCreate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.WorkstreamCreateDocument,
    "\n  mutation WorkstreamUpdate($input: WorkstreamUpdateInput!) {\n    workstreamUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.WorkstreamUpdateDocument,
    "\n  fragment WorkstreamRow on Workstream {\n    id\n    version\n    name\n    description\n    language\n    active\n    autoResolve {\n      openSeconds\n      activeSeconds\n      waitingSeconds\n      wrapUpSeconds\n    }\n    fallbackQueue {\n      id\n      name\n    }\n    supportNumbers(first: 20) {\n      nodes {\n        id\n        number\n      }\n    }\n  }\n": typeof types.WorkstreamRowFragmentDoc,
    "\n  query Workstreams($after: String) {\n    workstreams(first: 20, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...WorkstreamRow\n      }\n    }\n  }\n": typeof types.WorkstreamsDocument,
    "\n  query WorkstreamChoices {\n    queues(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": typeof types.WorkstreamChoicesDocument,
    "\n  fragment AuditEntryRow on AuditEntry {\n    id\n    action\n    at\n    outcome\n    subjectId\n    ip\n    requestId\n    actor {\n      label\n    }\n    changes {\n      field\n      before\n      after\n    }\n  }\n": typeof types.AuditEntryRowFragmentDoc,
    "\n  query AuditEntries($filter: AuditFilter, $before: String) {\n    auditEntries(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...AuditEntryRow\n      }\n    }\n  }\n": typeof types.AuditEntriesDocument,
    "\n  subscription ConfigChanges($after: EventCursor) {\n    configChanges(after: $after) {\n      position {\n        cursor\n      }\n    }\n  }\n": typeof types.ConfigChangesDocument,
    "\n  fragment ConsentRow on Consent {\n    id\n    sequence\n    address\n    status\n    source\n    keyword\n    evidence\n    at\n    actor {\n      label\n    }\n    supportNumber {\n      id\n      number\n    }\n  }\n": typeof types.ConsentRowFragmentDoc,
    "\n  query Consents($filter: ConsentFilter, $before: String) {\n    consents(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...ConsentRow\n      }\n    }\n  }\n": typeof types.ConsentsDocument,
    "\n  query ConsentLedgerCheck {\n    consentLedgerCheck {\n      lines\n      problem\n      whole\n    }\n  }\n": typeof types.ConsentLedgerCheckDocument,
    "\n  mutation ConsentSet($input: ConsentSetInput!) {\n    consentSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ConsentSetDocument,
    "\n  mutation ConsentImport($input: ConsentImportInput!) {\n    consentImport(input: $input) {\n      entered\n      known\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ConsentImportDocument,
    "\n  query Keywords {\n    organization {\n      version\n      consentScope\n      keywords {\n        language\n        optOut\n        optIn\n        help\n        locked\n        own\n      }\n    }\n    supportNumbers(first: 100) {\n      nodes {\n        id\n        number\n      }\n    }\n  }\n": typeof types.KeywordsDocument,
    "\n  mutation SetWords($input: OrganizationUpdateInput!) {\n    organizationUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SetWordsDocument,
    "\n  query AutomatedMessages {\n    organization {\n      name\n    }\n    automatedMessages {\n      trigger\n      active\n      texts {\n        language\n        text\n        own\n      }\n    }\n  }\n": typeof types.AutomatedMessagesDocument,
    "\n  mutation AutomatedMessageSet($input: AutomatedMessageSetInput!) {\n    automatedMessageSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.AutomatedMessageSetDocument,
    "\n  fragment CallbackRow on CallbackRecord {\n    id\n    kind\n    outcome\n    detail\n    reference\n    body\n    receivedAt\n    replayedAt\n    conversation {\n      id\n    }\n  }\n": typeof types.CallbackRowFragmentDoc,
    "\n  query Callbacks($filter: CallbackFilter, $before: String) {\n    callbacks(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...CallbackRow\n      }\n    }\n  }\n": typeof types.CallbacksDocument,
    "\n  mutation CallbackReplay($input: CallbackReplayInput!) {\n    callbackReplay(input: $input) {\n      replayed\n      refused\n      last\n      hasMore\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.CallbackReplayDocument,
    "\n  query CallbackRetention {\n    organization {\n      version\n      callbackRetentionDays\n    }\n  }\n": typeof types.CallbackRetentionDocument,
    "\n  mutation OrganizationUpdate($input: OrganizationUpdateInput!) {\n    organizationUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.OrganizationUpdateDocument,
    "\n  fragment QuarantineRow on QuarantinedCallback {\n    id\n    reason\n    body\n    bodyBytes\n    times\n    firstAt\n    lastAt\n    channelAccount {\n      id\n      name\n    }\n  }\n": typeof types.QuarantineRowFragmentDoc,
    "\n  query Quarantine($before: String) {\n    quarantinedCallbacks(last: 50, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...QuarantineRow\n      }\n    }\n  }\n": typeof types.QuarantineDocument,
    "\n  mutation QuarantineReplay($input: QuarantineReplayInput!) {\n    quarantineReplay(input: $input) {\n      released\n      refused\n      hasMore\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.QuarantineReplayDocument,
    "\n  fragment Person on Agent {\n    id\n    version\n    displayName\n    email\n    role\n    active\n    queues {\n      id\n      name\n    }\n  }\n": typeof types.PersonFragmentDoc,
    "\n  query People($after: String) {\n    agents(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...Person\n      }\n    }\n  }\n": typeof types.PeopleDocument,
    "\n  query PeopleChoices {\n    queues(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": typeof types.PeopleChoicesDocument,
    "\n  mutation AgentCreate($input: AgentCreateInput!) {\n    agentCreate(input: $input) {\n      agent {\n        ...Person\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.AgentCreateDocument,
    "\n  mutation AgentUpdate($input: AgentUpdateInput!) {\n    agentUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.AgentUpdateDocument,
    "\n  mutation AgentInvite($input: AgentInviteInput!) {\n    agentInvite(input: $input) {\n      invitationUrl\n      expiresAt\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.AgentInviteDocument,
    "\n  query Sessions($agentId: ID) {\n    sessions(agentId: $agentId) {\n      id\n      createdAt\n      expiresAt\n      current\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  mutation SessionRevoke($input: SessionRevokeInput!) {\n    sessionRevoke(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.SessionRevokeDocument,
    "\n  fragment ChannelAccountCard on ChannelAccount {\n    id\n    version\n    name\n    customerId\n    status\n    callbackUrl\n    lastCallbackAt\n    stop {\n      code\n      description\n      providerCode\n      since\n    }\n    maxSendPerSecond\n    credential {\n      fingerprint\n      setAt\n    }\n    lastValidation {\n      checkedAt\n      verdict\n      ok\n      explanation\n    }\n    callbackRequestEmail {\n      to\n      subject\n      body\n    }\n  }\n": typeof types.ChannelAccountCardFragmentDoc,
    "\n  query ChannelAccounts($after: String) {\n    channelAccounts(first: 20, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ChannelAccountCard\n      }\n    }\n  }\n": typeof types.ChannelAccountsDocument,
    "\n  mutation ChannelAccountCreate($input: ChannelAccountCreateInput!) {\n    channelAccountCreate(input: $input) {\n      channelAccount {\n        id\n      }\n      validation {\n        verdict\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ChannelAccountCreateDocument,
    "\n  mutation ChannelAccountValidate($input: ChannelAccountValidateInput!) {\n    channelAccountValidate(input: $input) {\n      validation {\n        ok\n        verdict\n        explanation\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ChannelAccountValidateDocument,
    "\n  mutation ChannelAccountRotateKey($input: ChannelAccountRotateKeyInput!) {\n    channelAccountRotateKey(input: $input) {\n      channelAccount {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.ChannelAccountRotateKeyDocument,
    "\n  mutation ChannelAccountResume($input: ChannelAccountResumeInput!) {\n    channelAccountResume(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ChannelAccountResumeDocument,
    "\n  mutation Pick($input: ConversationPickInput!) {\n    result: conversationPick(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.PickDocument,
    "\n  mutation Wait($input: ConversationWaitInput!) {\n    result: conversationWait(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.WaitDocument,
    "\n  mutation Resume($input: ConversationResumeInput!) {\n    result: conversationResume(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResumeDocument,
    "\n  mutation WrapUp($input: ConversationWrapUpInput!) {\n    result: conversationWrapUp(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.WrapUpDocument,
    "\n  mutation Resolve($input: ConversationResolveInput!) {\n    result: conversationResolve(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.ResolveDocument,
    "\n  mutation Retry($input: MessageRetryInput!) {\n    messageRetry(input: $input) {\n      message {\n        ...MessageItem\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": typeof types.RetryDocument,
    "\n  subscription AgentFeed($after: EventCursor) {\n    agentFeed(after: $after) {\n      __typename\n      ... on AgentSnapshot {\n        position {\n          cursor\n        }\n        inbox {\n          ...ConversationRow\n        }\n        openWork {\n          ...ConversationRow\n        }\n      }\n      ... on AgentDelta {\n        position {\n          cursor\n          previous\n        }\n        events {\n          __typename\n          ... on ConversationUpserted {\n            conversation {\n              ...ConversationRow\n            }\n          }\n          ... on ConversationLeft {\n            conversationId\n          }\n          ... on AlertRaised {\n            alert {\n              id\n            }\n          }\n          ... on MessageUpserted {\n            isNew\n            message {\n              id\n              sequence\n              direction\n              text\n              status\n              createdAt\n              conversation {\n                id\n              }\n            }\n          }\n        }\n      }\n      ... on ResyncRequired {\n        reason\n      }\n    }\n  }\n": typeof types.AgentFeedDocument,
    "\n  fragment ConversationRow on Conversation {\n    id\n    version\n    status\n    statusChangedAt\n    createdAt\n    updatedAt\n    language\n    lastInboundAt\n    waitingOn\n    resolutionReason\n    optedOut\n    viewerCan\n    customer {\n      displayName\n      address\n    }\n    assignment {\n      assignedAt\n      agent {\n        id\n        displayName\n      }\n    }\n    queue {\n      id\n      name\n    }\n    supportNumber {\n      id\n      number\n    }\n    workstream {\n      id\n      name\n    }\n    lastMessage {\n      id\n      sequence\n      direction\n      text\n      status\n      createdAt\n    }\n  }\n": typeof types.ConversationRowFragmentDoc,
    "\n  fragment MessageItem on Message {\n    id\n    sequence\n    direction\n    text\n    status\n    statusChangedAt\n    createdAt\n    encoding\n    segments\n    idempotencyKey\n    author {\n      role\n      displayName\n      agent {\n        id\n      }\n    }\n    failure {\n      code\n      description\n      providerCode\n    }\n    attempts {\n      number\n    }\n    viewerCan\n  }\n": typeof types.MessageItemFragmentDoc,
    "\n  fragment AlertItem on Alert {\n    id\n    kind\n    text\n    raisedAt\n    renewedAt\n    count\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      displayName\n    }\n    clearedAt\n    subject {\n      __typename\n      ... on ChannelAccount {\n        id\n        name\n      }\n    }\n  }\n": typeof types.AlertItemFragmentDoc,
    "\n  query Alerts($open: Boolean!) {\n    alerts(last: 50, open: $open) {\n      nodes {\n        ...AlertItem\n      }\n    }\n  }\n": typeof types.AlertsDocument,
    "\n  mutation SendText($input: MessageSendInput!) {\n    messageSend(input: $input) {\n      message {\n        ...MessageItem\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SendTextDocument,
    "\n  query SetupState {\n    setupState {\n      claimed\n      simulated\n      steps {\n        name\n        done\n        at\n      }\n    }\n  }\n": typeof types.SetupStateDocument,
    "\n  subscription ConversationEvents($id: ID!, $after: EventCursor) {\n    conversationEvents(conversationId: $id, after: $after) {\n      __typename\n      ... on ConversationSnapshot {\n        position {\n          cursor\n        }\n        conversation {\n          ...ConversationRow\n        }\n        messages {\n          ...MessageItem\n        }\n      }\n      ... on ConversationDelta {\n        position {\n          cursor\n          previous\n        }\n        events {\n          __typename\n          ... on ConversationUpserted {\n            conversation {\n              ...ConversationRow\n            }\n          }\n          ... on MessageUpserted {\n            message {\n              ...MessageItem\n            }\n          }\n        }\n      }\n      ... on ResyncRequired {\n        reason\n      }\n    }\n  }\n": typeof types.ConversationEventsDocument,
    "\n  query OlderMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      messages(last: 50, before: $before) {\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n        nodes {\n          ...MessageItem\n        }\n      }\n    }\n  }\n": typeof types.OlderMessagesDocument,
};
const documents: Documents = {
    "\n  mutation SignOut {\n    sessionRevoke(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  query Viewer {\n    viewer {\n      role\n      agent {\n        id\n        displayName\n        email\n      }\n      queues {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n  }\n": types.ViewerDocument,
    "\n  mutation AlertAcknowledge($input: AlertAcknowledgeInput!) {\n    alertAcknowledge(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.AlertAcknowledgeDocument,
    "\n  query Senders {\n    supportNumbers(first: 100, filter: { active: true }) {\n      nodes {\n        id\n        number\n        description\n        workstream {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.SendersDocument,
    "\n  mutation StartConversation($input: ConversationStartInput!) {\n    conversationStart(input: $input) {\n      conversation {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.StartConversationDocument,
    "\n  mutation SetupComplete($input: SetupCompleteInput!) {\n    setupComplete(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SetupCompleteDocument,
    "\n  query Chosen {\n    queues(first: 1) {\n      nodes {\n        id\n      }\n    }\n    workstreams(first: 1) {\n      nodes {\n        id\n      }\n    }\n    channelAccounts(first: 100) {\n      nodes {\n        id\n        customerId\n        callbackUrl\n      }\n    }\n    supportNumbers(first: 100) {\n      nodes {\n        number\n      }\n    }\n  }\n": types.ChosenDocument,
    "\n  mutation FirstQueue($input: QueueCreateInput!) {\n    made: queueCreate(input: $input) {\n      queue {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FirstQueueDocument,
    "\n  mutation FirstWorkstream($input: WorkstreamCreateInput!) {\n    made: workstreamCreate(input: $input) {\n      workstream {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FirstWorkstreamDocument,
    "\n  mutation FirstAccount($input: ChannelAccountCreateInput!) {\n    made: channelAccountCreate(input: $input) {\n      channelAccount {\n        id\n        callbackUrl\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FirstAccountDocument,
    "\n  mutation FirstNumber($input: SupportNumberAddInput!) {\n    made: supportNumberAdd(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.FirstNumberDocument,
    "\n  query Conversations(\n    $filter: ConversationFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    conversations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...ConversationRow\n      }\n    }\n  }\n": types.ConversationsDocument,
    "\n  mutation PasswordSet($input: PasswordSetInput!) {\n    passwordSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.PasswordSetDocument,
    "\n  mutation SignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  fragment NumberRow on SupportNumber {\n    id\n    version\n    number\n    kind\n    description\n    active\n    channelAccount {\n      id\n      name\n    }\n    workstream {\n      id\n      name\n    }\n  }\n": types.NumberRowFragmentDoc,
    "\n  query Numbers($after: String) {\n    supportNumbers(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...NumberRow\n      }\n    }\n  }\n": types.NumbersDocument,
    "\n  query NumberChoices {\n    channelAccounts(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n    workstreams(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": types.NumberChoicesDocument,
    "\n  mutation SupportNumberAdd($input: SupportNumberAddInput!) {\n    supportNumberAdd(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SupportNumberAddDocument,
    "\n  mutation SupportNumberUpdate($input: SupportNumberUpdateInput!) {\n    supportNumberUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SupportNumberUpdateDocument,
    "\n  fragment QueueRow on Queue {\n    id\n    version\n    name\n    description\n    active\n    agents(first: 100) {\n      nodes {\n        id\n        displayName\n      }\n    }\n  }\n": types.QueueRowFragmentDoc,
    "\n  query Queues($after: String) {\n    queues(first: 5, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...QueueRow\n      }\n    }\n  }\n": types.QueuesDocument,
    "\n  query QueueChoices {\n    agents(first: 100) {\n      nodes {\n        id\n        displayName\n      }\n    }\n  }\n": types.QueueChoicesDocument,
    "\n  mutation QueueCreate($input: QueueCreateInput!) {\n    queueCreate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.QueueCreateDocument,
    "\n  mutation QueueUpdate($input: QueueUpdateInput!) {\n    queueUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.QueueUpdateDocument,
    "\n  query Tokens($after: String) {\n    apiTokens(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        prefix\n        role\n        createdAt\n        lastUsedAt\n        expiresAt\n        revokedAt\n        agent {\n          id\n          displayName\n        }\n      }\n    }\n  }\n": types.TokensDocument,
    "\n  mutation ApiTokenCreate($input: ApiTokenCreateInput!) {\n    apiTokenCreate(input: $input) {\n      secret\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ApiTokenCreateDocument,
    "\n  mutation ApiTokenRevoke($input: ApiTokenRevokeInput!) {\n    apiTokenRevoke(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ApiTokenRevokeDocument,
    "\n  mutation WorkstreamCreate($input: WorkstreamCreateInput!) {\n    workstreamCreate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.WorkstreamCreateDocument,
    "\n  mutation WorkstreamUpdate($input: WorkstreamUpdateInput!) {\n    workstreamUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.WorkstreamUpdateDocument,
    "\n  fragment WorkstreamRow on Workstream {\n    id\n    version\n    name\n    description\n    language\n    active\n    autoResolve {\n      openSeconds\n      activeSeconds\n      waitingSeconds\n      wrapUpSeconds\n    }\n    fallbackQueue {\n      id\n      name\n    }\n    supportNumbers(first: 20) {\n      nodes {\n        id\n        number\n      }\n    }\n  }\n": types.WorkstreamRowFragmentDoc,
    "\n  query Workstreams($after: String) {\n    workstreams(first: 20, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...WorkstreamRow\n      }\n    }\n  }\n": types.WorkstreamsDocument,
    "\n  query WorkstreamChoices {\n    queues(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": types.WorkstreamChoicesDocument,
    "\n  fragment AuditEntryRow on AuditEntry {\n    id\n    action\n    at\n    outcome\n    subjectId\n    ip\n    requestId\n    actor {\n      label\n    }\n    changes {\n      field\n      before\n      after\n    }\n  }\n": types.AuditEntryRowFragmentDoc,
    "\n  query AuditEntries($filter: AuditFilter, $before: String) {\n    auditEntries(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...AuditEntryRow\n      }\n    }\n  }\n": types.AuditEntriesDocument,
    "\n  subscription ConfigChanges($after: EventCursor) {\n    configChanges(after: $after) {\n      position {\n        cursor\n      }\n    }\n  }\n": types.ConfigChangesDocument,
    "\n  fragment ConsentRow on Consent {\n    id\n    sequence\n    address\n    status\n    source\n    keyword\n    evidence\n    at\n    actor {\n      label\n    }\n    supportNumber {\n      id\n      number\n    }\n  }\n": types.ConsentRowFragmentDoc,
    "\n  query Consents($filter: ConsentFilter, $before: String) {\n    consents(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...ConsentRow\n      }\n    }\n  }\n": types.ConsentsDocument,
    "\n  query ConsentLedgerCheck {\n    consentLedgerCheck {\n      lines\n      problem\n      whole\n    }\n  }\n": types.ConsentLedgerCheckDocument,
    "\n  mutation ConsentSet($input: ConsentSetInput!) {\n    consentSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ConsentSetDocument,
    "\n  mutation ConsentImport($input: ConsentImportInput!) {\n    consentImport(input: $input) {\n      entered\n      known\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ConsentImportDocument,
    "\n  query Keywords {\n    organization {\n      version\n      consentScope\n      keywords {\n        language\n        optOut\n        optIn\n        help\n        locked\n        own\n      }\n    }\n    supportNumbers(first: 100) {\n      nodes {\n        id\n        number\n      }\n    }\n  }\n": types.KeywordsDocument,
    "\n  mutation SetWords($input: OrganizationUpdateInput!) {\n    organizationUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SetWordsDocument,
    "\n  query AutomatedMessages {\n    organization {\n      name\n    }\n    automatedMessages {\n      trigger\n      active\n      texts {\n        language\n        text\n        own\n      }\n    }\n  }\n": types.AutomatedMessagesDocument,
    "\n  mutation AutomatedMessageSet($input: AutomatedMessageSetInput!) {\n    automatedMessageSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.AutomatedMessageSetDocument,
    "\n  fragment CallbackRow on CallbackRecord {\n    id\n    kind\n    outcome\n    detail\n    reference\n    body\n    receivedAt\n    replayedAt\n    conversation {\n      id\n    }\n  }\n": types.CallbackRowFragmentDoc,
    "\n  query Callbacks($filter: CallbackFilter, $before: String) {\n    callbacks(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...CallbackRow\n      }\n    }\n  }\n": types.CallbacksDocument,
    "\n  mutation CallbackReplay($input: CallbackReplayInput!) {\n    callbackReplay(input: $input) {\n      replayed\n      refused\n      last\n      hasMore\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.CallbackReplayDocument,
    "\n  query CallbackRetention {\n    organization {\n      version\n      callbackRetentionDays\n    }\n  }\n": types.CallbackRetentionDocument,
    "\n  mutation OrganizationUpdate($input: OrganizationUpdateInput!) {\n    organizationUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.OrganizationUpdateDocument,
    "\n  fragment QuarantineRow on QuarantinedCallback {\n    id\n    reason\n    body\n    bodyBytes\n    times\n    firstAt\n    lastAt\n    channelAccount {\n      id\n      name\n    }\n  }\n": types.QuarantineRowFragmentDoc,
    "\n  query Quarantine($before: String) {\n    quarantinedCallbacks(last: 50, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...QuarantineRow\n      }\n    }\n  }\n": types.QuarantineDocument,
    "\n  mutation QuarantineReplay($input: QuarantineReplayInput!) {\n    quarantineReplay(input: $input) {\n      released\n      refused\n      hasMore\n      userErrors {\n        message\n      }\n    }\n  }\n": types.QuarantineReplayDocument,
    "\n  fragment Person on Agent {\n    id\n    version\n    displayName\n    email\n    role\n    active\n    queues {\n      id\n      name\n    }\n  }\n": types.PersonFragmentDoc,
    "\n  query People($after: String) {\n    agents(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...Person\n      }\n    }\n  }\n": types.PeopleDocument,
    "\n  query PeopleChoices {\n    queues(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n": types.PeopleChoicesDocument,
    "\n  mutation AgentCreate($input: AgentCreateInput!) {\n    agentCreate(input: $input) {\n      agent {\n        ...Person\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.AgentCreateDocument,
    "\n  mutation AgentUpdate($input: AgentUpdateInput!) {\n    agentUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.AgentUpdateDocument,
    "\n  mutation AgentInvite($input: AgentInviteInput!) {\n    agentInvite(input: $input) {\n      invitationUrl\n      expiresAt\n      userErrors {\n        message\n      }\n    }\n  }\n": types.AgentInviteDocument,
    "\n  query Sessions($agentId: ID) {\n    sessions(agentId: $agentId) {\n      id\n      createdAt\n      expiresAt\n      current\n    }\n  }\n": types.SessionsDocument,
    "\n  mutation SessionRevoke($input: SessionRevokeInput!) {\n    sessionRevoke(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.SessionRevokeDocument,
    "\n  fragment ChannelAccountCard on ChannelAccount {\n    id\n    version\n    name\n    customerId\n    status\n    callbackUrl\n    lastCallbackAt\n    stop {\n      code\n      description\n      providerCode\n      since\n    }\n    maxSendPerSecond\n    credential {\n      fingerprint\n      setAt\n    }\n    lastValidation {\n      checkedAt\n      verdict\n      ok\n      explanation\n    }\n    callbackRequestEmail {\n      to\n      subject\n      body\n    }\n  }\n": types.ChannelAccountCardFragmentDoc,
    "\n  query ChannelAccounts($after: String) {\n    channelAccounts(first: 20, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ChannelAccountCard\n      }\n    }\n  }\n": types.ChannelAccountsDocument,
    "\n  mutation ChannelAccountCreate($input: ChannelAccountCreateInput!) {\n    channelAccountCreate(input: $input) {\n      channelAccount {\n        id\n      }\n      validation {\n        verdict\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ChannelAccountCreateDocument,
    "\n  mutation ChannelAccountValidate($input: ChannelAccountValidateInput!) {\n    channelAccountValidate(input: $input) {\n      validation {\n        ok\n        verdict\n        explanation\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ChannelAccountValidateDocument,
    "\n  mutation ChannelAccountRotateKey($input: ChannelAccountRotateKeyInput!) {\n    channelAccountRotateKey(input: $input) {\n      channelAccount {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.ChannelAccountRotateKeyDocument,
    "\n  mutation ChannelAccountResume($input: ChannelAccountResumeInput!) {\n    channelAccountResume(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ChannelAccountResumeDocument,
    "\n  mutation Pick($input: ConversationPickInput!) {\n    result: conversationPick(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.PickDocument,
    "\n  mutation Wait($input: ConversationWaitInput!) {\n    result: conversationWait(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.WaitDocument,
    "\n  mutation Resume($input: ConversationResumeInput!) {\n    result: conversationResume(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResumeDocument,
    "\n  mutation WrapUp($input: ConversationWrapUpInput!) {\n    result: conversationWrapUp(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.WrapUpDocument,
    "\n  mutation Resolve($input: ConversationResolveInput!) {\n    result: conversationResolve(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.ResolveDocument,
    "\n  mutation Retry($input: MessageRetryInput!) {\n    messageRetry(input: $input) {\n      message {\n        ...MessageItem\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n": types.RetryDocument,
    "\n  subscription AgentFeed($after: EventCursor) {\n    agentFeed(after: $after) {\n      __typename\n      ... on AgentSnapshot {\n        position {\n          cursor\n        }\n        inbox {\n          ...ConversationRow\n        }\n        openWork {\n          ...ConversationRow\n        }\n      }\n      ... on AgentDelta {\n        position {\n          cursor\n          previous\n        }\n        events {\n          __typename\n          ... on ConversationUpserted {\n            conversation {\n              ...ConversationRow\n            }\n          }\n          ... on ConversationLeft {\n            conversationId\n          }\n          ... on AlertRaised {\n            alert {\n              id\n            }\n          }\n          ... on MessageUpserted {\n            isNew\n            message {\n              id\n              sequence\n              direction\n              text\n              status\n              createdAt\n              conversation {\n                id\n              }\n            }\n          }\n        }\n      }\n      ... on ResyncRequired {\n        reason\n      }\n    }\n  }\n": types.AgentFeedDocument,
    "\n  fragment ConversationRow on Conversation {\n    id\n    version\n    status\n    statusChangedAt\n    createdAt\n    updatedAt\n    language\n    lastInboundAt\n    waitingOn\n    resolutionReason\n    optedOut\n    viewerCan\n    customer {\n      displayName\n      address\n    }\n    assignment {\n      assignedAt\n      agent {\n        id\n        displayName\n      }\n    }\n    queue {\n      id\n      name\n    }\n    supportNumber {\n      id\n      number\n    }\n    workstream {\n      id\n      name\n    }\n    lastMessage {\n      id\n      sequence\n      direction\n      text\n      status\n      createdAt\n    }\n  }\n": types.ConversationRowFragmentDoc,
    "\n  fragment MessageItem on Message {\n    id\n    sequence\n    direction\n    text\n    status\n    statusChangedAt\n    createdAt\n    encoding\n    segments\n    idempotencyKey\n    author {\n      role\n      displayName\n      agent {\n        id\n      }\n    }\n    failure {\n      code\n      description\n      providerCode\n    }\n    attempts {\n      number\n    }\n    viewerCan\n  }\n": types.MessageItemFragmentDoc,
    "\n  fragment AlertItem on Alert {\n    id\n    kind\n    text\n    raisedAt\n    renewedAt\n    count\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      displayName\n    }\n    clearedAt\n    subject {\n      __typename\n      ... on ChannelAccount {\n        id\n        name\n      }\n    }\n  }\n": types.AlertItemFragmentDoc,
    "\n  query Alerts($open: Boolean!) {\n    alerts(last: 50, open: $open) {\n      nodes {\n        ...AlertItem\n      }\n    }\n  }\n": types.AlertsDocument,
    "\n  mutation SendText($input: MessageSendInput!) {\n    messageSend(input: $input) {\n      message {\n        ...MessageItem\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SendTextDocument,
    "\n  query SetupState {\n    setupState {\n      claimed\n      simulated\n      steps {\n        name\n        done\n        at\n      }\n    }\n  }\n": types.SetupStateDocument,
    "\n  subscription ConversationEvents($id: ID!, $after: EventCursor) {\n    conversationEvents(conversationId: $id, after: $after) {\n      __typename\n      ... on ConversationSnapshot {\n        position {\n          cursor\n        }\n        conversation {\n          ...ConversationRow\n        }\n        messages {\n          ...MessageItem\n        }\n      }\n      ... on ConversationDelta {\n        position {\n          cursor\n          previous\n        }\n        events {\n          __typename\n          ... on ConversationUpserted {\n            conversation {\n              ...ConversationRow\n            }\n          }\n          ... on MessageUpserted {\n            message {\n              ...MessageItem\n            }\n          }\n        }\n      }\n      ... on ResyncRequired {\n        reason\n      }\n    }\n  }\n": types.ConversationEventsDocument,
    "\n  query OlderMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      messages(last: 50, before: $before) {\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n        nodes {\n          ...MessageItem\n        }\n      }\n    }\n  }\n": types.OlderMessagesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    sessionRevoke(input: {}) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').SignOutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      role\n      agent {\n        id\n        displayName\n        email\n      }\n      queues {\n        id\n        name\n      }\n      organization {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AlertAcknowledge($input: AlertAcknowledgeInput!) {\n    alertAcknowledge(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').AlertAcknowledgeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Senders {\n    supportNumbers(first: 100, filter: { active: true }) {\n      nodes {\n        id\n        number\n        description\n        workstream {\n          id\n          name\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').SendersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartConversation($input: ConversationStartInput!) {\n    conversationStart(input: $input) {\n      conversation {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').StartConversationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetupComplete($input: SetupCompleteInput!) {\n    setupComplete(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').SetupCompleteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Chosen {\n    queues(first: 1) {\n      nodes {\n        id\n      }\n    }\n    workstreams(first: 1) {\n      nodes {\n        id\n      }\n    }\n    channelAccounts(first: 100) {\n      nodes {\n        id\n        customerId\n        callbackUrl\n      }\n    }\n    supportNumbers(first: 100) {\n      nodes {\n        number\n      }\n    }\n  }\n"): typeof import('./graphql').ChosenDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FirstQueue($input: QueueCreateInput!) {\n    made: queueCreate(input: $input) {\n      queue {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').FirstQueueDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FirstWorkstream($input: WorkstreamCreateInput!) {\n    made: workstreamCreate(input: $input) {\n      workstream {\n        id\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').FirstWorkstreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FirstAccount($input: ChannelAccountCreateInput!) {\n    made: channelAccountCreate(input: $input) {\n      channelAccount {\n        id\n        callbackUrl\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').FirstAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FirstNumber($input: SupportNumberAddInput!) {\n    made: supportNumberAdd(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').FirstNumberDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Conversations(\n    $filter: ConversationFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    conversations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...ConversationRow\n      }\n    }\n  }\n"): typeof import('./graphql').ConversationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PasswordSet($input: PasswordSetInput!) {\n    passwordSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').PasswordSetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SessionCreateInput!) {\n    sessionCreate(input: $input) {\n      userErrors {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').SignInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NumberRow on SupportNumber {\n    id\n    version\n    number\n    kind\n    description\n    active\n    channelAccount {\n      id\n      name\n    }\n    workstream {\n      id\n      name\n    }\n  }\n"): typeof import('./graphql').NumberRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Numbers($after: String) {\n    supportNumbers(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...NumberRow\n      }\n    }\n  }\n"): typeof import('./graphql').NumbersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NumberChoices {\n    channelAccounts(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n    workstreams(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').NumberChoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SupportNumberAdd($input: SupportNumberAddInput!) {\n    supportNumberAdd(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').SupportNumberAddDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SupportNumberUpdate($input: SupportNumberUpdateInput!) {\n    supportNumberUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').SupportNumberUpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QueueRow on Queue {\n    id\n    version\n    name\n    description\n    active\n    agents(first: 100) {\n      nodes {\n        id\n        displayName\n      }\n    }\n  }\n"): typeof import('./graphql').QueueRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Queues($after: String) {\n    queues(first: 5, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...QueueRow\n      }\n    }\n  }\n"): typeof import('./graphql').QueuesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query QueueChoices {\n    agents(first: 100) {\n      nodes {\n        id\n        displayName\n      }\n    }\n  }\n"): typeof import('./graphql').QueueChoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation QueueCreate($input: QueueCreateInput!) {\n    queueCreate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').QueueCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation QueueUpdate($input: QueueUpdateInput!) {\n    queueUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').QueueUpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Tokens($after: String) {\n    apiTokens(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        name\n        prefix\n        role\n        createdAt\n        lastUsedAt\n        expiresAt\n        revokedAt\n        agent {\n          id\n          displayName\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').TokensDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ApiTokenCreate($input: ApiTokenCreateInput!) {\n    apiTokenCreate(input: $input) {\n      secret\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').ApiTokenCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ApiTokenRevoke($input: ApiTokenRevokeInput!) {\n    apiTokenRevoke(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').ApiTokenRevokeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorkstreamCreate($input: WorkstreamCreateInput!) {\n    workstreamCreate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').WorkstreamCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorkstreamUpdate($input: WorkstreamUpdateInput!) {\n    workstreamUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').WorkstreamUpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorkstreamRow on Workstream {\n    id\n    version\n    name\n    description\n    language\n    active\n    autoResolve {\n      openSeconds\n      activeSeconds\n      waitingSeconds\n      wrapUpSeconds\n    }\n    fallbackQueue {\n      id\n      name\n    }\n    supportNumbers(first: 20) {\n      nodes {\n        id\n        number\n      }\n    }\n  }\n"): typeof import('./graphql').WorkstreamRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Workstreams($after: String) {\n    workstreams(first: 20, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...WorkstreamRow\n      }\n    }\n  }\n"): typeof import('./graphql').WorkstreamsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkstreamChoices {\n    queues(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').WorkstreamChoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AuditEntryRow on AuditEntry {\n    id\n    action\n    at\n    outcome\n    subjectId\n    ip\n    requestId\n    actor {\n      label\n    }\n    changes {\n      field\n      before\n      after\n    }\n  }\n"): typeof import('./graphql').AuditEntryRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditEntries($filter: AuditFilter, $before: String) {\n    auditEntries(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...AuditEntryRow\n      }\n    }\n  }\n"): typeof import('./graphql').AuditEntriesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConfigChanges($after: EventCursor) {\n    configChanges(after: $after) {\n      position {\n        cursor\n      }\n    }\n  }\n"): typeof import('./graphql').ConfigChangesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ConsentRow on Consent {\n    id\n    sequence\n    address\n    status\n    source\n    keyword\n    evidence\n    at\n    actor {\n      label\n    }\n    supportNumber {\n      id\n      number\n    }\n  }\n"): typeof import('./graphql').ConsentRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Consents($filter: ConsentFilter, $before: String) {\n    consents(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...ConsentRow\n      }\n    }\n  }\n"): typeof import('./graphql').ConsentsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConsentLedgerCheck {\n    consentLedgerCheck {\n      lines\n      problem\n      whole\n    }\n  }\n"): typeof import('./graphql').ConsentLedgerCheckDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsentSet($input: ConsentSetInput!) {\n    consentSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').ConsentSetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConsentImport($input: ConsentImportInput!) {\n    consentImport(input: $input) {\n      entered\n      known\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').ConsentImportDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Keywords {\n    organization {\n      version\n      consentScope\n      keywords {\n        language\n        optOut\n        optIn\n        help\n        locked\n        own\n      }\n    }\n    supportNumbers(first: 100) {\n      nodes {\n        id\n        number\n      }\n    }\n  }\n"): typeof import('./graphql').KeywordsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetWords($input: OrganizationUpdateInput!) {\n    organizationUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').SetWordsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AutomatedMessages {\n    organization {\n      name\n    }\n    automatedMessages {\n      trigger\n      active\n      texts {\n        language\n        text\n        own\n      }\n    }\n  }\n"): typeof import('./graphql').AutomatedMessagesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AutomatedMessageSet($input: AutomatedMessageSetInput!) {\n    automatedMessageSet(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').AutomatedMessageSetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CallbackRow on CallbackRecord {\n    id\n    kind\n    outcome\n    detail\n    reference\n    body\n    receivedAt\n    replayedAt\n    conversation {\n      id\n    }\n  }\n"): typeof import('./graphql').CallbackRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Callbacks($filter: CallbackFilter, $before: String) {\n    callbacks(last: 50, filter: $filter, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...CallbackRow\n      }\n    }\n  }\n"): typeof import('./graphql').CallbacksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CallbackReplay($input: CallbackReplayInput!) {\n    callbackReplay(input: $input) {\n      replayed\n      refused\n      last\n      hasMore\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').CallbackReplayDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CallbackRetention {\n    organization {\n      version\n      callbackRetentionDays\n    }\n  }\n"): typeof import('./graphql').CallbackRetentionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OrganizationUpdate($input: OrganizationUpdateInput!) {\n    organizationUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').OrganizationUpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuarantineRow on QuarantinedCallback {\n    id\n    reason\n    body\n    bodyBytes\n    times\n    firstAt\n    lastAt\n    channelAccount {\n      id\n      name\n    }\n  }\n"): typeof import('./graphql').QuarantineRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Quarantine($before: String) {\n    quarantinedCallbacks(last: 50, before: $before) {\n      pageInfo {\n        hasPreviousPage\n        startCursor\n      }\n      nodes {\n        ...QuarantineRow\n      }\n    }\n  }\n"): typeof import('./graphql').QuarantineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation QuarantineReplay($input: QuarantineReplayInput!) {\n    quarantineReplay(input: $input) {\n      released\n      refused\n      hasMore\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').QuarantineReplayDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Person on Agent {\n    id\n    version\n    displayName\n    email\n    role\n    active\n    queues {\n      id\n      name\n    }\n  }\n"): typeof import('./graphql').PersonFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query People($after: String) {\n    agents(first: 50, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...Person\n      }\n    }\n  }\n"): typeof import('./graphql').PeopleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PeopleChoices {\n    queues(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').PeopleChoicesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AgentCreate($input: AgentCreateInput!) {\n    agentCreate(input: $input) {\n      agent {\n        ...Person\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').AgentCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AgentUpdate($input: AgentUpdateInput!) {\n    agentUpdate(input: $input) {\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').AgentUpdateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AgentInvite($input: AgentInviteInput!) {\n    agentInvite(input: $input) {\n      invitationUrl\n      expiresAt\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').AgentInviteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions($agentId: ID) {\n    sessions(agentId: $agentId) {\n      id\n      createdAt\n      expiresAt\n      current\n    }\n  }\n"): typeof import('./graphql').SessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SessionRevoke($input: SessionRevokeInput!) {\n    sessionRevoke(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').SessionRevokeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ChannelAccountCard on ChannelAccount {\n    id\n    version\n    name\n    customerId\n    status\n    callbackUrl\n    lastCallbackAt\n    stop {\n      code\n      description\n      providerCode\n      since\n    }\n    maxSendPerSecond\n    credential {\n      fingerprint\n      setAt\n    }\n    lastValidation {\n      checkedAt\n      verdict\n      ok\n      explanation\n    }\n    callbackRequestEmail {\n      to\n      subject\n      body\n    }\n  }\n"): typeof import('./graphql').ChannelAccountCardFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChannelAccounts($after: String) {\n    channelAccounts(first: 20, after: $after) {\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ChannelAccountCard\n      }\n    }\n  }\n"): typeof import('./graphql').ChannelAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChannelAccountCreate($input: ChannelAccountCreateInput!) {\n    channelAccountCreate(input: $input) {\n      channelAccount {\n        id\n      }\n      validation {\n        verdict\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').ChannelAccountCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChannelAccountValidate($input: ChannelAccountValidateInput!) {\n    channelAccountValidate(input: $input) {\n      validation {\n        ok\n        verdict\n        explanation\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').ChannelAccountValidateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChannelAccountRotateKey($input: ChannelAccountRotateKeyInput!) {\n    channelAccountRotateKey(input: $input) {\n      channelAccount {\n        id\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').ChannelAccountRotateKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChannelAccountResume($input: ChannelAccountResumeInput!) {\n    channelAccountResume(input: $input) {\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').ChannelAccountResumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Pick($input: ConversationPickInput!) {\n    result: conversationPick(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').PickDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Wait($input: ConversationWaitInput!) {\n    result: conversationWait(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').WaitDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Resume($input: ConversationResumeInput!) {\n    result: conversationResume(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').ResumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WrapUp($input: ConversationWrapUpInput!) {\n    result: conversationWrapUp(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').WrapUpDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Resolve($input: ConversationResolveInput!) {\n    result: conversationResolve(input: $input) {\n      conversation {\n        ...ConversationRow\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').ResolveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Retry($input: MessageRetryInput!) {\n    messageRetry(input: $input) {\n      message {\n        ...MessageItem\n      }\n      userErrors {\n        message\n      }\n    }\n  }\n"): typeof import('./graphql').RetryDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AgentFeed($after: EventCursor) {\n    agentFeed(after: $after) {\n      __typename\n      ... on AgentSnapshot {\n        position {\n          cursor\n        }\n        inbox {\n          ...ConversationRow\n        }\n        openWork {\n          ...ConversationRow\n        }\n      }\n      ... on AgentDelta {\n        position {\n          cursor\n          previous\n        }\n        events {\n          __typename\n          ... on ConversationUpserted {\n            conversation {\n              ...ConversationRow\n            }\n          }\n          ... on ConversationLeft {\n            conversationId\n          }\n          ... on AlertRaised {\n            alert {\n              id\n            }\n          }\n          ... on MessageUpserted {\n            isNew\n            message {\n              id\n              sequence\n              direction\n              text\n              status\n              createdAt\n              conversation {\n                id\n              }\n            }\n          }\n        }\n      }\n      ... on ResyncRequired {\n        reason\n      }\n    }\n  }\n"): typeof import('./graphql').AgentFeedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ConversationRow on Conversation {\n    id\n    version\n    status\n    statusChangedAt\n    createdAt\n    updatedAt\n    language\n    lastInboundAt\n    waitingOn\n    resolutionReason\n    optedOut\n    viewerCan\n    customer {\n      displayName\n      address\n    }\n    assignment {\n      assignedAt\n      agent {\n        id\n        displayName\n      }\n    }\n    queue {\n      id\n      name\n    }\n    supportNumber {\n      id\n      number\n    }\n    workstream {\n      id\n      name\n    }\n    lastMessage {\n      id\n      sequence\n      direction\n      text\n      status\n      createdAt\n    }\n  }\n"): typeof import('./graphql').ConversationRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MessageItem on Message {\n    id\n    sequence\n    direction\n    text\n    status\n    statusChangedAt\n    createdAt\n    encoding\n    segments\n    idempotencyKey\n    author {\n      role\n      displayName\n      agent {\n        id\n      }\n    }\n    failure {\n      code\n      description\n      providerCode\n    }\n    attempts {\n      number\n    }\n    viewerCan\n  }\n"): typeof import('./graphql').MessageItemFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AlertItem on Alert {\n    id\n    kind\n    text\n    raisedAt\n    renewedAt\n    count\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      displayName\n    }\n    clearedAt\n    subject {\n      __typename\n      ... on ChannelAccount {\n        id\n        name\n      }\n    }\n  }\n"): typeof import('./graphql').AlertItemFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Alerts($open: Boolean!) {\n    alerts(last: 50, open: $open) {\n      nodes {\n        ...AlertItem\n      }\n    }\n  }\n"): typeof import('./graphql').AlertsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SendText($input: MessageSendInput!) {\n    messageSend(input: $input) {\n      message {\n        ...MessageItem\n      }\n      userErrors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): typeof import('./graphql').SendTextDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SetupState {\n    setupState {\n      claimed\n      simulated\n      steps {\n        name\n        done\n        at\n      }\n    }\n  }\n"): typeof import('./graphql').SetupStateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConversationEvents($id: ID!, $after: EventCursor) {\n    conversationEvents(conversationId: $id, after: $after) {\n      __typename\n      ... on ConversationSnapshot {\n        position {\n          cursor\n        }\n        conversation {\n          ...ConversationRow\n        }\n        messages {\n          ...MessageItem\n        }\n      }\n      ... on ConversationDelta {\n        position {\n          cursor\n          previous\n        }\n        events {\n          __typename\n          ... on ConversationUpserted {\n            conversation {\n              ...ConversationRow\n            }\n          }\n          ... on MessageUpserted {\n            message {\n              ...MessageItem\n            }\n          }\n        }\n      }\n      ... on ResyncRequired {\n        reason\n      }\n    }\n  }\n"): typeof import('./graphql').ConversationEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OlderMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      messages(last: 50, before: $before) {\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n        nodes {\n          ...MessageItem\n        }\n      }\n    }\n  }\n"): typeof import('./graphql').OlderMessagesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
