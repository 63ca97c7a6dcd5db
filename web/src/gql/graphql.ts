/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Somebody to take on. */
export type AgentCreateInput = {
  /** What colleagues see; 1 to 200 characters. */
  displayName: string;
  /** What the person signs in with; without it, a service that uses API tokens. */
  email?: string | null | undefined;
  /**
   * 10 to 200 characters; without it, the person cannot sign in. Write-only: never returned,
   * never logged.
   */
  password?: string | null | undefined;
  /** The queues that they work, at most 100. */
  queueIds?: Array<string | number> | null | undefined;
  /** What they may do. */
  role: Role;
};

/** Whom to invite. */
export type AgentInviteInput = {
  /** Which agent; a person, and active. */
  agentId: string | number;
};

/** What to change about an agent; what is left out stays as it is. */
export type AgentUpdateInput = {
  /** False takes them out: their sessions end, and their API tokens rest for as long. */
  active?: boolean | null | undefined;
  /** Which one. */
  agentId: string | number;
  /** What colleagues see; 1 to 200 characters. */
  displayName?: string | null | undefined;
  /** Refuse if it has changed since this version. */
  expectedVersion: number;
  /** All the queues that they work, at most 100. */
  queueIds?: Array<string | number> | null | undefined;
  /** What they may do. Holds for the very next request. */
  role?: Role | null | undefined;
};

/** An alert that was seen. */
export type AlertAcknowledgeInput = {
  /** Which one. */
  alertId: string | number;
};

/** What kind of trouble an alert is about. More may come; show unknown ones by their text. */
export type AlertKind =
  /** The provider takes nothing from an account; its texts wait. */
  | 'ACCOUNT_STOPPED'
  /**
   * Callbacks are wrongly signed: somebody forges them, or a key is wrong; `quarantineReplay`
   * after the key has been corrected.
   */
  | 'CALLBACKS_REFUSED'
  /**
   * A callback could not be carried out by a fault of this program; `callbackReplay` after an
   * upgrade.
   */
  | 'CALLBACK_PARKED'
  /** A customer's text came to a number that takes none; `callbackReplay` after set-up. */
  | 'CALLBACK_UNROUTED';

/** A token to make. */
export type ApiTokenCreateInput = {
  /** Whom it acts as; without it, a service agent of the token's name and role. */
  agentId?: string | number | null | undefined;
  /** When it ends by itself; without it, never. */
  expiresAt?: string | null | undefined;
  /** What it is for; 1 to 200 characters. */
  name: string;
  /** What it may do at most. */
  role: Role;
};

/** A token to end. */
export type ApiTokenRevokeInput = {
  /** Which one. */
  apiTokenId: string | number;
};

/** What the audit log is narrowed to; all members must match. */
export type AuditFilter = {
  /** Any of these, at most 100. */
  actions?: Array<string> | null | undefined;
  /** By this agent or API token. */
  actorId?: string | number | null | undefined;
  /** In this time. */
  at?: DateTimeRange | null | undefined;
  /** To this object. */
  subjectId?: string | number | null | undefined;
};

/** Whether something was done. */
export type AuditOutcome =
  /** It was done. */
  | 'DONE'
  /** It was tried, and refused. */
  | 'REFUSED';

/** Seconds in a state after which a conversation resolves by itself; what is left out stays. */
export type AutoResolveInput = {
  /** 1 minute to 1 year; 30 days by default. */
  activeSeconds?: number | null | undefined;
  /** 1 minute to 1 year; 30 days by default. */
  openSeconds?: number | null | undefined;
  /** 5 minutes to 1 year; 24 hours by default. */
  waitingSeconds?: number | null | undefined;
  /** 1 minute to 30 days; 1 day by default. */
  wrapUpSeconds?: number | null | undefined;
};

/** What is to be said by itself. */
export type AutomatedMessageSetInput = {
  /** False: nothing is said. */
  active: boolean;
  /** One text for each language; where one is missing, our own words stand in. */
  texts: Array<LocalizedTextInput>;
  /** When it goes out. */
  trigger: AutomatedMessageTrigger;
};

/** When a text goes out by itself. */
export type AutomatedMessageTrigger =
  /** A customer has asked for help. */
  | 'HELP'
  /** A customer has texted START. */
  | 'OPT_IN_CONFIRMATION'
  /** A customer has opted out; it is sent once although they have. */
  | 'OPT_OUT_CONFIRMATION';

/** What a list of callbacks is narrowed to; all members must match. */
export type CallbackFilter = {
  /** Of this account. */
  channelAccountId?: string | number | null | undefined;
  /** Texts of this customer, and reports on what was sent to him; the newest 1,000. */
  customer?: string | null | undefined;
  /** Of any of these kinds. */
  kind?: Array<string> | null | undefined;
  /** Any of these. */
  outcome?: Array<CallbackOutcome> | null | undefined;
  /** That arrived in this time. */
  receivedAt?: DateTimeRange | null | undefined;
  /** With exactly this reference id at the provider. */
  reference?: string | null | undefined;
};

/** What came of a callback. */
export type CallbackOutcome =
  /** It has had its effect. */
  | 'APPLIED'
  /** Of a kind that is kept and not acted on. */
  | 'IGNORED'
  /** Carrying it out failed three times by a fault of this program; `detail` says how. */
  | 'PARKED'
  /** A delivery report whose text is not known (yet). */
  | 'UNMATCHED'
  /** It could not be read. */
  | 'UNPARSED'
  /** A text to a number that is unknown, switched off or feeds no workstream. */
  | 'UNROUTED';

/** Callbacks to try again. */
export type CallbackReplayInput = {
  /** With `filter`: go on after this one, the `last` of the call before. */
  after?: string | number | null | undefined;
  /** With `filter`: only count what would have an effect. */
  dryRun?: boolean;
  /** Instead of `ids`: all of these that have had no effect, 500 in one call. */
  filter?: CallbackFilter | null | undefined;
  /** Which ones, 1 to 100. They are tried in the order in which they arrived. */
  ids?: Array<string | number> | null | undefined;
};

/** An account to set up. */
export type ChannelAccountCreateInput = {
  /** Write-only: stored sealed, never returned, never logged. */
  apiKey: string;
  /** The Customer ID, as the provider's portal shows it. */
  customerId: string;
  /** Client-made UUID; the same key gives the same account for 24 hours. */
  idempotencyKey: string;
  /** What it is called here; 1 to 200 characters, once in the organization. */
  name: string;
  /** Who carries the texts. */
  provider?: ChannelProvider;
  /** Refuse to store unless the provider accepts the key. */
  validate?: boolean;
};

/** An account whose texts are to go again. */
export type ChannelAccountResumeInput = {
  /** Which one. */
  channelAccountId: string | number;
};

/** Another key for an account. */
export type ChannelAccountRotateKeyInput = {
  /** Write-only: stored sealed, never returned, never logged. */
  apiKey: string;
  /** Which one. */
  channelAccountId: string | number;
  /** Another Customer ID; without it, the present one stays. */
  customerId?: string | null | undefined;
  /** Refuse if it has changed since this version. */
  expectedVersion: number;
  /** Refuse to store unless the provider accepts the key. */
  validate?: boolean;
};

/** What is known of an account's credentials. */
export type ChannelAccountStatus =
  /** The account is switched off. */
  | 'DISABLED'
  /** The provider refuses them. */
  | 'INVALID'
  /** The provider has not been asked yet, or gave no clear answer. */
  | 'UNVALIDATED'
  /** The provider accepts them. */
  | 'VALID';

/** An account to check. */
export type ChannelAccountValidateInput = {
  /** Which one. */
  channelAccountId: string | number;
};

/** Who carries the texts. */
export type ChannelProvider =
  /** Telesign, through its SMS API. */
  | 'TELESIGN';

/** What a live check of Customer ID and API key found. */
export type ChannelVerdict =
  /** The provider has suspended the account. */
  | 'ACCOUNT_SUSPENDED'
  /** The account does not allow this server's address. */
  | 'ADDRESS_NOT_ALLOWED'
  /** The provider knows the Customer ID and refuses the key. */
  | 'BAD_API_KEY'
  /** The provider does not know the Customer ID. */
  | 'BAD_CUSTOMER_ID'
  /** The provider refuses this server's clock. */
  | 'CLOCK_SKEW'
  /** Both are accepted. */
  | 'OK'
  /** SMS is not enabled for the account. */
  | 'PRODUCT_NOT_ENABLED'
  /** Too many requests at a time; says nothing of the credentials. */
  | 'RATE_LIMITED'
  /** The answer says neither yes nor no. */
  | 'UNKNOWN'
  /** The provider could not be reached. */
  | 'UNREACHABLE'
  /** The account may use neither of the provider's hosts. */
  | 'WRONG_HOST';

/** What a list of lines is narrowed to. */
export type ConsentFilter = {
  /** Only lines about this address. */
  address?: string | null | undefined;
  /** Only lines that came from one of these. */
  source?: Array<ConsentSource> | null | undefined;
  /** Only lines that say one of these. */
  status?: Array<ConsentStatus> | null | undefined;
};

/** A list of customers who all said the same. */
export type ConsentImportInput = {
  /** Whom it is about; at most 1000. */
  addresses: Array<string>;
  /** Where the list comes from. At most 1000 characters. */
  evidence: string;
  /** `OPTED_OUT` or `OPTED_IN`. */
  status: ConsentStatus;
};

/** How far an opt-out reaches. */
export type ConsentScope =
  /** To the number that it was texted to. */
  | 'NUMBER'
  /** To all numbers of the organization. */
  | 'ORGANIZATION';

/** What is said of one customer. */
export type ConsentSetInput = {
  /** Whom it is about. */
  address: string;
  /** What they said, and where; needed to opt somebody in. At most 1000 characters. */
  evidence?: string | null | undefined;
  /** `OPTED_OUT` or `OPTED_IN`. */
  status: ConsentStatus;
  /** The number of ours that it is about; only where an opt-out reaches one number. */
  supportNumberId?: string | number | null | undefined;
};

/** Where a line of the ledger came from. */
export type ConsentSource =
  /** An admin said so. */
  | 'ADMIN'
  /** An agent or a supervisor said so. */
  | 'AGENT'
  /** It was on a list that an admin brought along. */
  | 'IMPORT'
  /** The customer texted a word such as STOP. */
  | 'KEYWORD'
  /** The provider refuses texts to the address. */
  | 'PROVIDER';

/** Whether an address may be texted. */
export type ConsentStatus =
  /** They have said that they want to get texts. */
  | 'OPTED_IN'
  /** They want to get no texts: nothing may be sent. */
  | 'OPTED_OUT'
  /** Nobody ever said anything. */
  | 'UNKNOWN';

/** Actions on a conversation. */
export type ConversationAction =
  /** `conversationPick` */
  | 'PICK'
  /** `messageSend` */
  | 'REPLY'
  /** `conversationResolve` */
  | 'RESOLVE'
  /** `conversationResume` */
  | 'RESUME'
  /** `conversationWait` */
  | 'WAIT'
  /** `conversationWrapUp` */
  | 'WRAP_UP';

/** What a list of conversations is narrowed to; all members must match. */
export type ConversationFilter = {
  /** Any of these; an empty list means unassigned. */
  assigneeIds?: Array<string | number> | null | undefined;
  /** Exactly this customer. */
  customerAddress?: string | null | undefined;
  /** Any of these. */
  queueIds?: Array<string | number> | null | undefined;
  /** Any of these. */
  status?: Array<ConversationStatus> | null | undefined;
  /** Any of these. */
  supportNumberIds?: Array<string | number> | null | undefined;
  /** Any of these. */
  workstreamIds?: Array<string | number> | null | undefined;
};

/** An open conversation to take. */
export type ConversationPickInput = {
  /** Which one. */
  conversationId: string | number;
  /** Refuse if it has changed since this version. */
  expectedVersion?: number | null | undefined;
};

/** A conversation to end. */
export type ConversationResolveInput = {
  /** Which one. */
  conversationId: string | number;
  /** Refuse if it has changed since this version. */
  expectedVersion?: number | null | undefined;
  /** Why it ends: SOLVED, UNSOLVED, SPAM or DUPLICATE; the others are the system's to say. */
  reason: ResolutionReason;
};

/** A waiting conversation to come back to. */
export type ConversationResumeInput = {
  /** Which one. */
  conversationId: string | number;
  /** Refuse if it has changed since this version. */
  expectedVersion?: number | null | undefined;
};

/** A conversation to begin, with its first text. */
export type ConversationStartInput = {
  /** Take the conversation at once; otherwise it waits in its queue. */
  assignToMe?: boolean;
  /** Client-made UUID; the same key gives the same conversation for 24 hours. */
  idempotencyKey: string;
  /** Our number that the text comes from. */
  supportNumberId: string | number;
  /** 1 to 1600 characters. */
  text: string;
  /** The customer. */
  to: string;
  /** Refuse if the number belongs to another workstream. */
  workstreamId?: string | number | null | undefined;
};

/** Lifecycle of a conversation; RESOLVED is final. */
export type ConversationStatus =
  /** An agent works on it. */
  | 'ACTIVE'
  /** It waits in its queue for an agent. */
  | 'OPEN'
  /** It has ended. */
  | 'RESOLVED'
  /** Its agent has left it without ending it. */
  | 'WAITING'
  /** The exchange is over; its agent finishes what is left to do. */
  | 'WRAP_UP';

/** A conversation to leave for a while. */
export type ConversationWaitInput = {
  /** Which one. */
  conversationId: string | number;
  /** Refuse if it has changed since this version. */
  expectedVersion?: number | null | undefined;
  /** Who is expected to act. */
  waitingOn: WaitingOn;
};

/** A conversation whose exchange is over. */
export type ConversationWrapUpInput = {
  /** Which one. */
  conversationId: string | number;
  /** Refuse if it has changed since this version. */
  expectedVersion?: number | null | undefined;
};

/** A time with a beginning, an end, both or neither. */
export type DateTimeRange = {
  /** From this moment on. */
  from?: string | null | undefined;
  /** Before this moment. */
  to?: string | null | undefined;
};

/** Why a callback was not taken for the provider's. */
export type ForgeryReason =
  /** What the headers carried is no signature in any form of the provider's. */
  | 'MALFORMED'
  /** The signature does not fit the body and any of the account's keys. */
  | 'MISMATCH'
  /** No header carried a signature. */
  | 'MISSING'
  /** It was signed for another Customer ID. */
  | 'OTHER_CUSTOMER';

/** An organization's own words of one language, which replace the built-in ones. */
export type KeywordSetInput = {
  /** What asks for help. At most 50. */
  help: Array<string>;
  /** The language of the conversations that they hold in. */
  language: string;
  /** What opts in again. At most 50. */
  optIn: Array<string>;
  /** What opts out; the locked words always do. At most 50, of at most 40 characters. */
  optOut: Array<string>;
};

/** A text in one language. */
export type LocalizedTextInput = {
  /** Its language. */
  language: string;
  /** The text, at most 1600 characters; `{{organization}}` stands for the organization's name. */
  text: string;
};

/** What the viewer may do with a text. */
export type MessageAction =
  /** Have another attempt made: `messageRetry`. */
  | 'RETRY';

/** Who sent a text to whom. */
export type MessageDirection =
  /** From the customer. */
  | 'INBOUND'
  /** To the customer. */
  | 'OUTBOUND';

/** The alphabet that a whole text is sent in. */
export type MessageEncoding =
  /** The GSM alphabet: 160 characters in one part. */
  | 'GSM_7'
  /** UTF-16: 70 units in one part. */
  | 'UCS_2';

/** Why a text did not arrive, in terms that a client can act on. */
export type MessageFailureCode =
  /** The number, or its owner, takes no texts from us. */
  | 'BLOCKED'
  /** A carrier on the way refused it. */
  | 'CARRIER_REJECTED'
  /** The provider refuses the account's credentials. */
  | 'CREDENTIALS'
  /** Nobody can be reached under this number. */
  | 'INVALID_NUMBER'
  /** The customer has opted out. */
  | 'OPTED_OUT'
  /** The provider failed. */
  | 'PROVIDER_ERROR'
  /** Too many texts at a time. */
  | 'RATE_LIMITED'
  /** It was taken for spam. */
  | 'SPAM_FILTERED'
  /** No answer came in time. */
  | 'TIMEOUT'
  /** The provider gave a reason that says nothing of the above. */
  | 'UNKNOWN'
  /** The phone was off or out of reach. */
  | 'UNREACHABLE';

/** A text to send again. */
export type MessageRetryInput = {
  /** Client-made UUID; the same key is one more attempt for 24 hours, however often it is used. */
  idempotencyKey: string;
  /** Which text. */
  messageId: string | number;
};

/** A text to send. */
export type MessageSendInput = {
  /** Where it goes. */
  conversationId: string | number;
  /** Client-made UUID; the same key gives the same message for 24 hours. */
  idempotencyKey: string;
  /** 1 to 1600 characters. */
  text: string;
};

/**
 * Where a text stands. It only moves forward.
 *
 * UNCONFIRMED: the provider may or may not have taken it (its answer was lost); a delivery report,
 * the policy or a person settles it.
 */
export type MessageStatus =
  /** It has reached the customer. */
  | 'DELIVERED'
  /** It could not be delivered in time. */
  | 'EXPIRED'
  /** The provider has refused it. */
  | 'FAILED'
  /** It waits for its turn to be sent. */
  | 'QUEUED'
  /** It came from the customer. */
  | 'RECEIVED'
  /** It is being handed to the provider. */
  | 'SENDING'
  /** The provider has taken it. */
  | 'SENT'
  /** The provider's answer was lost. */
  | 'UNCONFIRMED'
  /** It cannot be delivered. */
  | 'UNDELIVERABLE';

/** What to change of the organization; what is left out stays as it is. */
export type OrganizationUpdateInput = {
  /** How long the raw text of a callback is kept, 1 to 3,650 days. */
  callbackRetentionDays?: number | null | undefined;
  /** How far an opt-out reaches; every conversation follows at once. */
  consentScope?: ConsentScope | null | undefined;
  /** The version that the change was made on. */
  expectedVersion: number;
  /** All of its own words. A language that is not in here has the built-in ones again. */
  keywords?: Array<KeywordSetInput> | null | undefined;
};

/** Side of a conversation a participant stands on. */
export type ParticipantRole =
  /** Who answers. */
  | 'AGENT'
  /** Who texts one of our numbers. */
  | 'CUSTOMER'
  /** What writes by itself. */
  | 'SYSTEM';

/** A password to set: with a link's token, or with the present password of who is signed in. */
export type PasswordSetInput = {
  /**
   * The caller's present password, where there is no token. Write-only: never returned, never
   * logged.
   */
  currentPassword?: string | null | undefined;
  /** 10 to 200 characters. Write-only: never returned, never logged. */
  newPassword: string;
  /** What follows the `#` in an invitation. Write-only: never returned, never logged. */
  token?: string | null | undefined;
};

/** Quarantined callbacks to verify again; all of the organization's where nothing is said. */
export type QuarantineReplayInput = {
  /** All of this account. */
  channelAccountId?: string | number | null | undefined;
  /** Only count what would be let through. */
  dryRun?: boolean;
  /** Which ones, 1 to 100. */
  ids?: Array<string | number> | null | undefined;
};

/** A queue to make. */
export type QueueCreateInput = {
  /** Who works it, at most 100. */
  agentIds?: Array<string | number> | null | undefined;
  /** What it is for; at most 2000 characters. */
  description?: string | null | undefined;
  /** What it is called; 1 to 200 characters, once in the organization. */
  name: string;
};

/** What to change about a queue; what is left out stays as it is. */
export type QueueUpdateInput = {
  /** All who work it, at most 100; null leaves them. */
  agentIds?: Array<string | number> | null | undefined;
  /** What it is for; null clears it. */
  description?: string | null | undefined;
  /** Refuse if it has changed since this version. */
  expectedVersion: number;
  /** What it is called; null leaves it as it is. */
  name?: string | null | undefined;
  /** Which one. */
  queueId: string | number;
};

/** Why a conversation ended. */
export type ResolutionReason =
  /** It goes on elsewhere. */
  | 'DUPLICATE'
  /** It waited, and neither side has texted for as long as the workstream allows. */
  | 'INACTIVITY'
  /** It was nothing but a keyword, such as START or HELP; the system says so. */
  | 'KEYWORD'
  /** It was nothing but an opt-out, such as STOP; the system says so. */
  | 'OPTED_OUT'
  /** The customer was helped. */
  | 'SOLVED'
  /** Nobody wanted anything. */
  | 'SPAM'
  /** It stood open, active or in wrap-up for as long as the workstream allows. */
  | 'STALE'
  /** The customer could not be helped. */
  | 'UNSOLVED';

/** Why the client must start anew. */
export type ResyncReason =
  /** More than 24 hours or 10 000 events have passed. */
  | 'CURSOR_EXPIRED'
  /** No such position has been reached. */
  | 'CURSOR_UNKNOWN'
  /** The viewer's role or queues have changed, or the conversation is theirs no longer. */
  | 'PERMISSIONS_CHANGED'
  /** The client reads more slowly than things happen. */
  | 'SLOW_CONSUMER';

/** What somebody is in an organization; each may do what the one before may. */
export type Role =
  /** Sets everything up, and sees everything. */
  | 'ADMIN'
  /** Works the conversations of their queues. */
  | 'AGENT'
  /** Sees all conversations of their queues. */
  | 'SUPERVISOR';

/** An e-mail address and a password. */
export type SessionCreateInput = {
  /** How the session comes back; pages in a browser should ask for a cookie. */
  delivery?: SessionDelivery;
  /** The address that an admin has entered; upper and lower case are the same. */
  email: string;
  /** Write-only: never returned, never logged. */
  password: string;
};

/** How a new session is handed over. */
export type SessionDelivery =
  /** As a cookie that no script can read; over HTTP only. `token` is null then. */
  | 'COOKIE'
  /** In the answer, to be sent as a bearer token. */
  | 'TOKEN';

/** A session to end. */
export type SessionRevokeInput = {
  /** One of the caller's own, or for admins anybody's; without it, the session of this request. */
  sessionId?: string | number | null | undefined;
};

/** Who claims a system that nobody has claimed yet. */
export type SetupCompleteInput = {
  /** How the session comes back; pages in a browser should ask for a cookie. */
  delivery?: SessionDelivery;
  /** What the admin signs in with. */
  email: string;
  /** What colleagues see of its first admin; 1 to 200 characters. */
  name: string;
  /** What the organization is called; 1 to 200 characters. */
  organizationName: string;
  /** 10 to 200 characters. Write-only: never returned, never logged. */
  password: string;
  /**
   * The one-time code that the server printed when it started. Capitals, hyphens and blanks do
   * not matter. Write-only: never returned, never logged.
   */
  setupCode: string;
};

/** What it takes until customers are answered. */
export type SetupStepName =
  /** There is an active admin who signs in. */
  | 'ADMIN'
  /** There is an account at the provider. */
  | 'CHANNEL_ACCOUNT'
  /** An agent has written to a customer. */
  | 'FIRST_REPLY'
  /** A customer has texted. */
  | 'FIRST_TEXT'
  /** There is an active number of ours. */
  | 'SUPPORT_NUMBER';

/** A number to add. */
export type SupportNumberAddInput = {
  /** The account that it belongs to. */
  channelAccountId: string | number;
  /** ISO 3166-1 alpha-2. Needed to read a short code. */
  country?: string | null | undefined;
  /** What it is for; at most 2000 characters. */
  description?: string | null | undefined;
  /** What kind of number it is. */
  kind: SupportNumberKind;
  /**
   * Digits only, country code first. A plus sign, blanks or other characters are refused, with
   * the digits we would have taken in the message.
   */
  number: string;
  /** The stream of work that it feeds; without it, texts to it are kept and open nothing. */
  workstreamId?: string | number | null | undefined;
};

/** What kind of number a support number is. */
export type SupportNumberKind =
  /** An ordinary number of a place or a mobile network. */
  | 'GEO'
  /** A short code, good in one country. */
  | 'SHORT_CODE'
  /** A number that costs the customer nothing. */
  | 'TOLL_FREE';

/** What to change about a number; what is left out stays as it is. */
export type SupportNumberUpdateInput = {
  /** Whether texts to it open conversations; null leaves it as it is. */
  active?: boolean | null | undefined;
  /** What it is for; null clears it. */
  description?: string | null | undefined;
  /** Refuse if it has changed since this version. */
  expectedVersion: number;
  /** Which one. */
  supportNumberId: string | number;
  /** The stream of work that it feeds; null takes it out. */
  workstreamId?: string | number | null | undefined;
};

/** What happens to a text whose fate is still unknown after the wait. */
export type UnconfirmedPolicy =
  /** One new attempt is made; the customer may get it twice. */
  | 'AT_LEAST_ONCE'
  /** A person decides; the customer never gets it twice by itself. */
  | 'AT_MOST_ONCE';

/** Machine-readable refusal codes. New values may be added; treat unknown ones as INVALID. */
export type UserErrorCode =
  /** Another agent was first. */
  | 'ALREADY_ASSIGNED'
  /** There is an unresolved conversation with this customer already. */
  | 'CONVERSATION_EXISTS'
  /** The provider refuses Customer ID or API key; nothing was stored. */
  | 'CREDENTIALS_REJECTED'
  /** There is one like it already. */
  | 'DUPLICATE'
  /** The caller may not do this to this object. */
  | 'FORBIDDEN'
  /** The key was used with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** It is not what the field takes; the message says what would be. */
  | 'INVALID'
  /** The conversation does not stand where this is possible. */
  | 'INVALID_TRANSITION'
  /** More than 1600 characters. */
  | 'MESSAGE_TOO_LONG'
  /** No such object, or none that the caller may see. */
  | 'NOT_FOUND'
  /** The number is there already. */
  | 'NUMBER_IN_USE'
  /** A number or a time outside what the field takes. */
  | 'OUT_OF_RANGE'
  /** The provider could not be asked; nothing was stored. */
  | 'PROVIDER_UNREACHABLE'
  /** Too often; wait a minute. */
  | 'RATE_LIMITED'
  /** The recipient has opted out of texts. */
  | 'RECIPIENT_OPTED_OUT'
  /** The field must not be empty. */
  | 'REQUIRED'
  /** More characters than the field takes. */
  | 'TOO_LONG'
  /** More items than the field takes, or more at a time than there is room for. */
  | 'TOO_MANY'
  /** Not now; the same call is safe to repeat. */
  | 'UNAVAILABLE'
  /** It has changed since `expectedVersion`; read it again. */
  | 'VERSION_CONFLICT';

/** Who is expected to act. */
export type WaitingOn =
  /** The agent comes back to it. */
  | 'AGENT'
  /** The customer is to answer. */
  | 'CUSTOMER'
  /** Somebody else has to do something first. */
  | 'THIRD_PARTY';

/** A workstream to make. */
export type WorkstreamCreateInput = {
  /** How long its conversations may stand still. */
  autoResolve?: AutoResolveInput | null | undefined;
  /** What it is for; at most 2000 characters. */
  description?: string | null | undefined;
  /** Where its conversations wait. */
  fallbackQueueId: string | number;
  /** The language of its conversations. */
  language: string;
  /** What it is called; 1 to 200 characters, once in the organization. */
  name: string;
  /** What happens to a text whose fate is not known. */
  unconfirmedPolicy?: UnconfirmedPolicy;
};

/** What to change about a workstream; what is left out stays as it is. */
export type WorkstreamUpdateInput = {
  /** Whether its numbers take new conversations; null leaves it as it is. */
  active?: boolean | null | undefined;
  /** How long its conversations may stand still; moves what runs already. */
  autoResolve?: AutoResolveInput | null | undefined;
  /** What it is for; null clears it. */
  description?: string | null | undefined;
  /** Refuse if it has changed since this version. */
  expectedVersion: number;
  /** Where its new conversations wait; null leaves it as it is. */
  fallbackQueueId?: string | number | null | undefined;
  /** The language of its new conversations; null leaves it as it is. */
  language?: string | null | undefined;
  /** What it is called; null leaves it as it is. */
  name?: string | null | undefined;
  /** What happens to a text whose fate is not known; null leaves it as it is. */
  unconfirmedPolicy?: UnconfirmedPolicy | null | undefined;
  /** Which one. */
  workstreamId: string | number;
};

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { sessionRevoke: { userErrors: Array<{ message: string }> } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { role: Role, agent: { id: string, displayName: string, email: string | null } | null, queues: Array<{ id: string, name: string }>, organization: { id: string, name: string } } | null };

export type AlertAcknowledgeMutationVariables = Exact<{
  input: AlertAcknowledgeInput;
}>;


export type AlertAcknowledgeMutation = { alertAcknowledge: { userErrors: Array<{ message: string }> } | null };

export type SendersQueryVariables = Exact<{ [key: string]: never; }>;


export type SendersQuery = { supportNumbers: { nodes: Array<{ id: string, number: string, description: string | null, workstream: { id: string, name: string } | null }> } | null };

export type StartConversationMutationVariables = Exact<{
  input: ConversationStartInput;
}>;


export type StartConversationMutation = { conversationStart: { conversation: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type SetupCompleteMutationVariables = Exact<{
  input: SetupCompleteInput;
}>;


export type SetupCompleteMutation = { setupComplete: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type ChosenQueryVariables = Exact<{ [key: string]: never; }>;


export type ChosenQuery = { queues: { nodes: Array<{ id: string }> } | null, workstreams: { nodes: Array<{ id: string }> } | null, channelAccounts: { nodes: Array<{ id: string, customerId: string, callbackUrl: string }> } | null, supportNumbers: { nodes: Array<{ number: string }> } | null };

export type FirstQueueMutationVariables = Exact<{
  input: QueueCreateInput;
}>;


export type FirstQueueMutation = { made: { queue: { id: string } | null, userErrors: Array<{ message: string }> } | null };

export type FirstWorkstreamMutationVariables = Exact<{
  input: WorkstreamCreateInput;
}>;


export type FirstWorkstreamMutation = { made: { workstream: { id: string } | null, userErrors: Array<{ message: string }> } | null };

export type FirstAccountMutationVariables = Exact<{
  input: ChannelAccountCreateInput;
}>;


export type FirstAccountMutation = { made: { channelAccount: { id: string, callbackUrl: string } | null, userErrors: Array<{ message: string }> } | null };

export type FirstNumberMutationVariables = Exact<{
  input: SupportNumberAddInput;
}>;


export type FirstNumberMutation = { made: { userErrors: Array<{ message: string }> } | null };

export type ConversationsQueryVariables = Exact<{
  filter?: ConversationFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ConversationsQuery = { conversations: { pageInfo: { hasNextPage: boolean, endCursor: string | null, hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null }> } | null };

export type PasswordSetMutationVariables = Exact<{
  input: PasswordSetInput;
}>;


export type PasswordSetMutation = { passwordSet: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type SignInMutationVariables = Exact<{
  input: SessionCreateInput;
}>;


export type SignInMutation = { sessionCreate: { userErrors: Array<{ code: UserErrorCode, message: string }> } | null };

export type NumberRowFragment = { id: string, version: number, number: string, kind: SupportNumberKind, description: string | null, active: boolean, channelAccount: { id: string, name: string } | null, workstream: { id: string, name: string } | null };

export type NumbersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NumbersQuery = { supportNumbers: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, version: number, number: string, kind: SupportNumberKind, description: string | null, active: boolean, channelAccount: { id: string, name: string } | null, workstream: { id: string, name: string } | null }> } | null };

export type NumberChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type NumberChoicesQuery = { channelAccounts: { nodes: Array<{ id: string, name: string }> } | null, workstreams: { nodes: Array<{ id: string, name: string }> } | null };

export type SupportNumberAddMutationVariables = Exact<{
  input: SupportNumberAddInput;
}>;


export type SupportNumberAddMutation = { supportNumberAdd: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type SupportNumberUpdateMutationVariables = Exact<{
  input: SupportNumberUpdateInput;
}>;


export type SupportNumberUpdateMutation = { supportNumberUpdate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type QueueRowFragment = { id: string, version: number, name: string, description: string | null, active: boolean, agents: { nodes: Array<{ id: string, displayName: string }> } };

export type QueuesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type QueuesQuery = { queues: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, version: number, name: string, description: string | null, active: boolean, agents: { nodes: Array<{ id: string, displayName: string }> } }> } | null };

export type QueueChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type QueueChoicesQuery = { agents: { nodes: Array<{ id: string, displayName: string }> } | null };

export type QueueCreateMutationVariables = Exact<{
  input: QueueCreateInput;
}>;


export type QueueCreateMutation = { queueCreate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type QueueUpdateMutationVariables = Exact<{
  input: QueueUpdateInput;
}>;


export type QueueUpdateMutation = { queueUpdate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type TokensQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type TokensQuery = { apiTokens: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, name: string, prefix: string, role: Role, createdAt: string, lastUsedAt: string | null, expiresAt: string | null, revokedAt: string | null, agent: { id: string, displayName: string } }> } | null };

export type ApiTokenCreateMutationVariables = Exact<{
  input: ApiTokenCreateInput;
}>;


export type ApiTokenCreateMutation = { apiTokenCreate: { secret: string | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type ApiTokenRevokeMutationVariables = Exact<{
  input: ApiTokenRevokeInput;
}>;


export type ApiTokenRevokeMutation = { apiTokenRevoke: { userErrors: Array<{ message: string }> } | null };

export type WorkstreamCreateMutationVariables = Exact<{
  input: WorkstreamCreateInput;
}>;


export type WorkstreamCreateMutation = { workstreamCreate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type WorkstreamUpdateMutationVariables = Exact<{
  input: WorkstreamUpdateInput;
}>;


export type WorkstreamUpdateMutation = { workstreamUpdate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type WorkstreamRowFragment = { id: string, version: number, name: string, description: string | null, language: string, active: boolean, autoResolve: { openSeconds: number, activeSeconds: number, waitingSeconds: number, wrapUpSeconds: number }, fallbackQueue: { id: string, name: string }, supportNumbers: { nodes: Array<{ id: string, number: string }> } };

export type WorkstreamsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type WorkstreamsQuery = { workstreams: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, version: number, name: string, description: string | null, language: string, active: boolean, autoResolve: { openSeconds: number, activeSeconds: number, waitingSeconds: number, wrapUpSeconds: number }, fallbackQueue: { id: string, name: string }, supportNumbers: { nodes: Array<{ id: string, number: string }> } }> } | null };

export type WorkstreamChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type WorkstreamChoicesQuery = { queues: { nodes: Array<{ id: string, name: string }> } | null };

export type AuditEntryRowFragment = { id: string, action: string, at: string, outcome: AuditOutcome, subjectId: string, ip: string | null, requestId: string | null, actor: { label: string }, changes: Array<{ field: string, before: string | null, after: string | null }> };

export type AuditEntriesQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  before?: string | null | undefined;
}>;


export type AuditEntriesQuery = { auditEntries: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, action: string, at: string, outcome: AuditOutcome, subjectId: string, ip: string | null, requestId: string | null, actor: { label: string }, changes: Array<{ field: string, before: string | null, after: string | null }> }> } | null };

export type ConfigChangesSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ConfigChangesSubscription = { configChanges: { position: { cursor: string } } };

export type ConsentRowFragment = { id: string, sequence: string, address: string | null, status: ConsentStatus, source: ConsentSource, keyword: string | null, evidence: string | null, at: string, actor: { label: string }, supportNumber: { id: string, number: string } | null };

export type ConsentsQueryVariables = Exact<{
  filter?: ConsentFilter | null | undefined;
  before?: string | null | undefined;
}>;


export type ConsentsQuery = { consents: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, sequence: string, address: string | null, status: ConsentStatus, source: ConsentSource, keyword: string | null, evidence: string | null, at: string, actor: { label: string }, supportNumber: { id: string, number: string } | null }> } | null };

export type ConsentLedgerCheckQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsentLedgerCheckQuery = { consentLedgerCheck: { lines: string | null, problem: string | null, whole: boolean } | null };

export type ConsentSetMutationVariables = Exact<{
  input: ConsentSetInput;
}>;


export type ConsentSetMutation = { consentSet: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type ConsentImportMutationVariables = Exact<{
  input: ConsentImportInput;
}>;


export type ConsentImportMutation = { consentImport: { entered: number | null, known: number | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type KeywordsQueryVariables = Exact<{ [key: string]: never; }>;


export type KeywordsQuery = { organization: { version: number, consentScope: ConsentScope, keywords: Array<{ language: string, optOut: Array<string>, optIn: Array<string>, help: Array<string>, locked: Array<string>, own: boolean }> } | null, supportNumbers: { nodes: Array<{ id: string, number: string }> } | null };

export type SetWordsMutationVariables = Exact<{
  input: OrganizationUpdateInput;
}>;


export type SetWordsMutation = { organizationUpdate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type AutomatedMessagesQueryVariables = Exact<{ [key: string]: never; }>;


export type AutomatedMessagesQuery = { organization: { name: string } | null, automatedMessages: Array<{ trigger: AutomatedMessageTrigger, active: boolean, texts: Array<{ language: string, text: string, own: boolean }> }> | null };

export type AutomatedMessageSetMutationVariables = Exact<{
  input: AutomatedMessageSetInput;
}>;


export type AutomatedMessageSetMutation = { automatedMessageSet: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type CallbackRowFragment = { id: string, kind: string, outcome: CallbackOutcome, detail: string | null, reference: string | null, body: string | null, receivedAt: string, replayedAt: string | null, conversation: { id: string } | null };

export type CallbacksQueryVariables = Exact<{
  filter?: CallbackFilter | null | undefined;
  before?: string | null | undefined;
}>;


export type CallbacksQuery = { callbacks: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, kind: string, outcome: CallbackOutcome, detail: string | null, reference: string | null, body: string | null, receivedAt: string, replayedAt: string | null, conversation: { id: string } | null }> } | null };

export type CallbackReplayMutationVariables = Exact<{
  input: CallbackReplayInput;
}>;


export type CallbackReplayMutation = { callbackReplay: { replayed: number | null, refused: number | null, last: string | null, hasMore: boolean | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type CallbackRetentionQueryVariables = Exact<{ [key: string]: never; }>;


export type CallbackRetentionQuery = { organization: { version: number, callbackRetentionDays: number } | null };

export type OrganizationUpdateMutationVariables = Exact<{
  input: OrganizationUpdateInput;
}>;


export type OrganizationUpdateMutation = { organizationUpdate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type QuarantineRowFragment = { id: string, reason: ForgeryReason, body: string, bodyBytes: number, times: number, firstAt: string, lastAt: string, channelAccount: { id: string, name: string } };

export type QuarantineQueryVariables = Exact<{
  before?: string | null | undefined;
}>;


export type QuarantineQuery = { quarantinedCallbacks: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, reason: ForgeryReason, body: string, bodyBytes: number, times: number, firstAt: string, lastAt: string, channelAccount: { id: string, name: string } }> } | null };

export type QuarantineReplayMutationVariables = Exact<{
  input: QuarantineReplayInput;
}>;


export type QuarantineReplayMutation = { quarantineReplay: { released: number | null, refused: number | null, hasMore: boolean | null, userErrors: Array<{ message: string }> } | null };

export type PersonFragment = { id: string, version: number, displayName: string, email: string | null, role: Role, active: boolean, queues: Array<{ id: string, name: string }> };

export type PeopleQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type PeopleQuery = { agents: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, version: number, displayName: string, email: string | null, role: Role, active: boolean, queues: Array<{ id: string, name: string }> }> } | null };

export type PeopleChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type PeopleChoicesQuery = { queues: { nodes: Array<{ id: string, name: string }> } | null };

export type AgentCreateMutationVariables = Exact<{
  input: AgentCreateInput;
}>;


export type AgentCreateMutation = { agentCreate: { agent: { id: string, version: number, displayName: string, email: string | null, role: Role, active: boolean, queues: Array<{ id: string, name: string }> } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type AgentUpdateMutationVariables = Exact<{
  input: AgentUpdateInput;
}>;


export type AgentUpdateMutation = { agentUpdate: { userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type AgentInviteMutationVariables = Exact<{
  input: AgentInviteInput;
}>;


export type AgentInviteMutation = { agentInvite: { invitationUrl: string | null, expiresAt: string | null, userErrors: Array<{ message: string }> } | null };

export type SessionsQueryVariables = Exact<{
  agentId?: string | number | null | undefined;
}>;


export type SessionsQuery = { sessions: Array<{ id: string, createdAt: string, expiresAt: string, current: boolean }> | null };

export type SessionRevokeMutationVariables = Exact<{
  input: SessionRevokeInput;
}>;


export type SessionRevokeMutation = { sessionRevoke: { userErrors: Array<{ message: string }> } | null };

export type ChannelAccountCardFragment = { id: string, version: number, name: string, customerId: string, status: ChannelAccountStatus, callbackUrl: string, lastCallbackAt: string | null, maxSendPerSecond: number, stop: { code: MessageFailureCode, description: string, providerCode: string | null, since: string } | null, credential: { fingerprint: string | null, setAt: string | null }, lastValidation: { checkedAt: string, verdict: ChannelVerdict, ok: boolean, explanation: string } | null, callbackRequestEmail: { to: string, subject: string, body: string } };

export type ChannelAccountsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ChannelAccountsQuery = { channelAccounts: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, version: number, name: string, customerId: string, status: ChannelAccountStatus, callbackUrl: string, lastCallbackAt: string | null, maxSendPerSecond: number, stop: { code: MessageFailureCode, description: string, providerCode: string | null, since: string } | null, credential: { fingerprint: string | null, setAt: string | null }, lastValidation: { checkedAt: string, verdict: ChannelVerdict, ok: boolean, explanation: string } | null, callbackRequestEmail: { to: string, subject: string, body: string } }> } | null };

export type ChannelAccountCreateMutationVariables = Exact<{
  input: ChannelAccountCreateInput;
}>;


export type ChannelAccountCreateMutation = { channelAccountCreate: { channelAccount: { id: string } | null, validation: { verdict: ChannelVerdict } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type ChannelAccountValidateMutationVariables = Exact<{
  input: ChannelAccountValidateInput;
}>;


export type ChannelAccountValidateMutation = { channelAccountValidate: { validation: { ok: boolean, verdict: ChannelVerdict, explanation: string } | null, userErrors: Array<{ message: string }> } | null };

export type ChannelAccountRotateKeyMutationVariables = Exact<{
  input: ChannelAccountRotateKeyInput;
}>;


export type ChannelAccountRotateKeyMutation = { channelAccountRotateKey: { channelAccount: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type ChannelAccountResumeMutationVariables = Exact<{
  input: ChannelAccountResumeInput;
}>;


export type ChannelAccountResumeMutation = { channelAccountResume: { userErrors: Array<{ message: string }> } | null };

export type PickMutationVariables = Exact<{
  input: ConversationPickInput;
}>;


export type PickMutation = { result: { conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } | null, userErrors: Array<{ message: string }> } | null };

export type WaitMutationVariables = Exact<{
  input: ConversationWaitInput;
}>;


export type WaitMutation = { result: { conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } | null, userErrors: Array<{ message: string }> } | null };

export type ResumeMutationVariables = Exact<{
  input: ConversationResumeInput;
}>;


export type ResumeMutation = { result: { conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } | null, userErrors: Array<{ message: string }> } | null };

export type WrapUpMutationVariables = Exact<{
  input: ConversationWrapUpInput;
}>;


export type WrapUpMutation = { result: { conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } | null, userErrors: Array<{ message: string }> } | null };

export type ResolveMutationVariables = Exact<{
  input: ConversationResolveInput;
}>;


export type ResolveMutation = { result: { conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } | null, userErrors: Array<{ message: string }> } | null };

export type RetryMutationVariables = Exact<{
  input: MessageRetryInput;
}>;


export type RetryMutation = { messageRetry: { message: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, statusChangedAt: string, createdAt: string, encoding: MessageEncoding, segments: number, idempotencyKey: string | null, viewerCan: Array<MessageAction>, author: { role: ParticipantRole, displayName: string, agent: { id: string } | null }, failure: { code: MessageFailureCode, description: string, providerCode: string | null } | null, attempts: Array<{ number: number }> } | null, userErrors: Array<{ message: string }> } | null };

export type AgentFeedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AgentFeedSubscription = { agentFeed:
    | { __typename: 'AgentDelta', position: { cursor: string, previous: string | null }, events: Array<
        | { __typename: 'AlertRaised', alert: { id: string } }
        | { __typename: 'ConversationLeft', conversationId: string }
        | { __typename: 'ConversationUpserted', conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } }
        | { __typename: 'MessageUpserted', isNew: boolean, message: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string, conversation: { id: string } } }
      > }
    | { __typename: 'AgentSnapshot', position: { cursor: string }, inbox: Array<{ id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null }>, openWork: Array<{ id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null }> }
    | { __typename: 'ResyncRequired', reason: ResyncReason }
   };

export type ConversationRowFragment = { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null };

export type MessageItemFragment = { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, statusChangedAt: string, createdAt: string, encoding: MessageEncoding, segments: number, idempotencyKey: string | null, viewerCan: Array<MessageAction>, author: { role: ParticipantRole, displayName: string, agent: { id: string } | null }, failure: { code: MessageFailureCode, description: string, providerCode: string | null } | null, attempts: Array<{ number: number }> };

export type AlertItemFragment = { id: string, kind: AlertKind, text: string, raisedAt: string, renewedAt: string, count: number, acknowledgedAt: string | null, clearedAt: string | null, acknowledgedBy: { id: string, displayName: string } | null, subject:
    | { __typename: 'Agent' }
    | { __typename: 'Alert' }
    | { __typename: 'ApiToken' }
    | { __typename: 'AuditEntry' }
    | { __typename: 'CallbackRecord' }
    | { __typename: 'ChannelAccount', id: string, name: string }
    | { __typename: 'Conversation' }
    | { __typename: 'Message' }
    | { __typename: 'Organization' }
    | { __typename: 'QuarantinedCallback' }
    | { __typename: 'Queue' }
    | { __typename: 'SupportNumber' }
    | { __typename: 'Workstream' }
   | null };

export type AlertsQueryVariables = Exact<{
  open: boolean;
}>;


export type AlertsQuery = { alerts: { nodes: Array<{ id: string, kind: AlertKind, text: string, raisedAt: string, renewedAt: string, count: number, acknowledgedAt: string | null, clearedAt: string | null, acknowledgedBy: { id: string, displayName: string } | null, subject:
        | { __typename: 'Agent' }
        | { __typename: 'Alert' }
        | { __typename: 'ApiToken' }
        | { __typename: 'AuditEntry' }
        | { __typename: 'CallbackRecord' }
        | { __typename: 'ChannelAccount', id: string, name: string }
        | { __typename: 'Conversation' }
        | { __typename: 'Message' }
        | { __typename: 'Organization' }
        | { __typename: 'QuarantinedCallback' }
        | { __typename: 'Queue' }
        | { __typename: 'SupportNumber' }
        | { __typename: 'Workstream' }
       | null }> } | null };

export type SendTextMutationVariables = Exact<{
  input: MessageSendInput;
}>;


export type SendTextMutation = { messageSend: { message: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, statusChangedAt: string, createdAt: string, encoding: MessageEncoding, segments: number, idempotencyKey: string | null, viewerCan: Array<MessageAction>, author: { role: ParticipantRole, displayName: string, agent: { id: string } | null }, failure: { code: MessageFailureCode, description: string, providerCode: string | null } | null, attempts: Array<{ number: number }> } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null }> } | null };

export type SetupStateQueryVariables = Exact<{ [key: string]: never; }>;


export type SetupStateQuery = { setupState: { claimed: boolean, simulated: boolean, steps: Array<{ name: SetupStepName, done: boolean, at: string | null }> } };

export type ConversationEventsSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type ConversationEventsSubscription = { conversationEvents:
    | { __typename: 'ConversationDelta', position: { cursor: string, previous: string | null }, events: Array<
        | { __typename: 'ConversationUpserted', conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null } }
        | { __typename: 'MessageUpserted', message: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, statusChangedAt: string, createdAt: string, encoding: MessageEncoding, segments: number, idempotencyKey: string | null, viewerCan: Array<MessageAction>, author: { role: ParticipantRole, displayName: string, agent: { id: string } | null }, failure: { code: MessageFailureCode, description: string, providerCode: string | null } | null, attempts: Array<{ number: number }> } }
      > }
    | { __typename: 'ConversationSnapshot', position: { cursor: string }, conversation: { id: string, version: number, status: ConversationStatus, statusChangedAt: string, createdAt: string, updatedAt: string, language: string, lastInboundAt: string | null, waitingOn: WaitingOn | null, resolutionReason: ResolutionReason | null, optedOut: boolean, viewerCan: Array<ConversationAction>, customer: { displayName: string, address: string | null }, assignment: { assignedAt: string, agent: { id: string, displayName: string } | null } | null, queue: { id: string, name: string } | null, supportNumber: { id: string, number: string }, workstream: { id: string, name: string }, lastMessage: { id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, createdAt: string } | null }, messages: Array<{ id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, statusChangedAt: string, createdAt: string, encoding: MessageEncoding, segments: number, idempotencyKey: string | null, viewerCan: Array<MessageAction>, author: { role: ParticipantRole, displayName: string, agent: { id: string } | null }, failure: { code: MessageFailureCode, description: string, providerCode: string | null } | null, attempts: Array<{ number: number }> }> }
    | { __typename: 'ResyncRequired', reason: ResyncReason }
   };

export type OlderMessagesQueryVariables = Exact<{
  id: string | number;
  before?: string | null | undefined;
}>;


export type OlderMessagesQuery = { conversation: { messages: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, nodes: Array<{ id: string, sequence: number, direction: MessageDirection, text: string, status: MessageStatus, statusChangedAt: string, createdAt: string, encoding: MessageEncoding, segments: number, idempotencyKey: string | null, viewerCan: Array<MessageAction>, author: { role: ParticipantRole, displayName: string, agent: { id: string } | null }, failure: { code: MessageFailureCode, description: string, providerCode: string | null } | null, attempts: Array<{ number: number }> }> } } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const NumberRowFragmentDoc = new TypedDocumentString(`
    fragment NumberRow on SupportNumber {
  id
  version
  number
  kind
  description
  active
  channelAccount {
    id
    name
  }
  workstream {
    id
    name
  }
}
    `, {"fragmentName":"NumberRow"}) as unknown as TypedDocumentString<NumberRowFragment, unknown>;
export const QueueRowFragmentDoc = new TypedDocumentString(`
    fragment QueueRow on Queue {
  id
  version
  name
  description
  active
  agents(first: 100) {
    nodes {
      id
      displayName
    }
  }
}
    `, {"fragmentName":"QueueRow"}) as unknown as TypedDocumentString<QueueRowFragment, unknown>;
export const WorkstreamRowFragmentDoc = new TypedDocumentString(`
    fragment WorkstreamRow on Workstream {
  id
  version
  name
  description
  language
  active
  autoResolve {
    openSeconds
    activeSeconds
    waitingSeconds
    wrapUpSeconds
  }
  fallbackQueue {
    id
    name
  }
  supportNumbers(first: 20) {
    nodes {
      id
      number
    }
  }
}
    `, {"fragmentName":"WorkstreamRow"}) as unknown as TypedDocumentString<WorkstreamRowFragment, unknown>;
export const AuditEntryRowFragmentDoc = new TypedDocumentString(`
    fragment AuditEntryRow on AuditEntry {
  id
  action
  at
  outcome
  subjectId
  ip
  requestId
  actor {
    label
  }
  changes {
    field
    before
    after
  }
}
    `, {"fragmentName":"AuditEntryRow"}) as unknown as TypedDocumentString<AuditEntryRowFragment, unknown>;
export const ConsentRowFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"ConsentRow"}) as unknown as TypedDocumentString<ConsentRowFragment, unknown>;
export const CallbackRowFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"CallbackRow"}) as unknown as TypedDocumentString<CallbackRowFragment, unknown>;
export const QuarantineRowFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"QuarantineRow"}) as unknown as TypedDocumentString<QuarantineRowFragment, unknown>;
export const PersonFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"Person"}) as unknown as TypedDocumentString<PersonFragment, unknown>;
export const ChannelAccountCardFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"ChannelAccountCard"}) as unknown as TypedDocumentString<ChannelAccountCardFragment, unknown>;
export const ConversationRowFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"ConversationRow"}) as unknown as TypedDocumentString<ConversationRowFragment, unknown>;
export const MessageItemFragmentDoc = new TypedDocumentString(`
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
    `, {"fragmentName":"MessageItem"}) as unknown as TypedDocumentString<MessageItemFragment, unknown>;
export const AlertItemFragmentDoc = new TypedDocumentString(`
    fragment AlertItem on Alert {
  id
  kind
  text
  raisedAt
  renewedAt
  count
  acknowledgedAt
  acknowledgedBy {
    id
    displayName
  }
  clearedAt
  subject {
    __typename
    ... on ChannelAccount {
      id
      name
    }
  }
}
    `, {"fragmentName":"AlertItem"}) as unknown as TypedDocumentString<AlertItemFragment, unknown>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  sessionRevoke(input: {}) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    role
    agent {
      id
      displayName
      email
    }
    queues {
      id
      name
    }
    organization {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const AlertAcknowledgeDocument = new TypedDocumentString(`
    mutation AlertAcknowledge($input: AlertAcknowledgeInput!) {
  alertAcknowledge(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AlertAcknowledgeMutation, AlertAcknowledgeMutationVariables>;
export const SendersDocument = new TypedDocumentString(`
    query Senders {
  supportNumbers(first: 100, filter: {active: true}) {
    nodes {
      id
      number
      description
      workstream {
        id
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SendersQuery, SendersQueryVariables>;
export const StartConversationDocument = new TypedDocumentString(`
    mutation StartConversation($input: ConversationStartInput!) {
  conversationStart(input: $input) {
    conversation {
      id
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<StartConversationMutation, StartConversationMutationVariables>;
export const SetupCompleteDocument = new TypedDocumentString(`
    mutation SetupComplete($input: SetupCompleteInput!) {
  setupComplete(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<SetupCompleteMutation, SetupCompleteMutationVariables>;
export const ChosenDocument = new TypedDocumentString(`
    query Chosen {
  queues(first: 1) {
    nodes {
      id
    }
  }
  workstreams(first: 1) {
    nodes {
      id
    }
  }
  channelAccounts(first: 100) {
    nodes {
      id
      customerId
      callbackUrl
    }
  }
  supportNumbers(first: 100) {
    nodes {
      number
    }
  }
}
    `) as unknown as TypedDocumentString<ChosenQuery, ChosenQueryVariables>;
export const FirstQueueDocument = new TypedDocumentString(`
    mutation FirstQueue($input: QueueCreateInput!) {
  made: queueCreate(input: $input) {
    queue {
      id
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<FirstQueueMutation, FirstQueueMutationVariables>;
export const FirstWorkstreamDocument = new TypedDocumentString(`
    mutation FirstWorkstream($input: WorkstreamCreateInput!) {
  made: workstreamCreate(input: $input) {
    workstream {
      id
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<FirstWorkstreamMutation, FirstWorkstreamMutationVariables>;
export const FirstAccountDocument = new TypedDocumentString(`
    mutation FirstAccount($input: ChannelAccountCreateInput!) {
  made: channelAccountCreate(input: $input) {
    channelAccount {
      id
      callbackUrl
    }
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<FirstAccountMutation, FirstAccountMutationVariables>;
export const FirstNumberDocument = new TypedDocumentString(`
    mutation FirstNumber($input: SupportNumberAddInput!) {
  made: supportNumberAdd(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<FirstNumberMutation, FirstNumberMutationVariables>;
export const ConversationsDocument = new TypedDocumentString(`
    query Conversations($filter: ConversationFilter, $first: Int, $after: String, $last: Int, $before: String) {
  conversations(
    filter: $filter
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    pageInfo {
      hasNextPage
      endCursor
      hasPreviousPage
      startCursor
    }
    nodes {
      ...ConversationRow
    }
  }
}
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
}`) as unknown as TypedDocumentString<ConversationsQuery, ConversationsQueryVariables>;
export const PasswordSetDocument = new TypedDocumentString(`
    mutation PasswordSet($input: PasswordSetInput!) {
  passwordSet(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<PasswordSetMutation, PasswordSetMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SessionCreateInput!) {
  sessionCreate(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const NumbersDocument = new TypedDocumentString(`
    query Numbers($after: String) {
  supportNumbers(first: 50, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...NumberRow
    }
  }
}
    fragment NumberRow on SupportNumber {
  id
  version
  number
  kind
  description
  active
  channelAccount {
    id
    name
  }
  workstream {
    id
    name
  }
}`) as unknown as TypedDocumentString<NumbersQuery, NumbersQueryVariables>;
export const NumberChoicesDocument = new TypedDocumentString(`
    query NumberChoices {
  channelAccounts(first: 100) {
    nodes {
      id
      name
    }
  }
  workstreams(first: 100) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<NumberChoicesQuery, NumberChoicesQueryVariables>;
export const SupportNumberAddDocument = new TypedDocumentString(`
    mutation SupportNumberAdd($input: SupportNumberAddInput!) {
  supportNumberAdd(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<SupportNumberAddMutation, SupportNumberAddMutationVariables>;
export const SupportNumberUpdateDocument = new TypedDocumentString(`
    mutation SupportNumberUpdate($input: SupportNumberUpdateInput!) {
  supportNumberUpdate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<SupportNumberUpdateMutation, SupportNumberUpdateMutationVariables>;
export const QueuesDocument = new TypedDocumentString(`
    query Queues($after: String) {
  queues(first: 5, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...QueueRow
    }
  }
}
    fragment QueueRow on Queue {
  id
  version
  name
  description
  active
  agents(first: 100) {
    nodes {
      id
      displayName
    }
  }
}`) as unknown as TypedDocumentString<QueuesQuery, QueuesQueryVariables>;
export const QueueChoicesDocument = new TypedDocumentString(`
    query QueueChoices {
  agents(first: 100) {
    nodes {
      id
      displayName
    }
  }
}
    `) as unknown as TypedDocumentString<QueueChoicesQuery, QueueChoicesQueryVariables>;
export const QueueCreateDocument = new TypedDocumentString(`
    mutation QueueCreate($input: QueueCreateInput!) {
  queueCreate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<QueueCreateMutation, QueueCreateMutationVariables>;
export const QueueUpdateDocument = new TypedDocumentString(`
    mutation QueueUpdate($input: QueueUpdateInput!) {
  queueUpdate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<QueueUpdateMutation, QueueUpdateMutationVariables>;
export const TokensDocument = new TypedDocumentString(`
    query Tokens($after: String) {
  apiTokens(first: 50, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      name
      prefix
      role
      createdAt
      lastUsedAt
      expiresAt
      revokedAt
      agent {
        id
        displayName
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TokensQuery, TokensQueryVariables>;
export const ApiTokenCreateDocument = new TypedDocumentString(`
    mutation ApiTokenCreate($input: ApiTokenCreateInput!) {
  apiTokenCreate(input: $input) {
    secret
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ApiTokenCreateMutation, ApiTokenCreateMutationVariables>;
export const ApiTokenRevokeDocument = new TypedDocumentString(`
    mutation ApiTokenRevoke($input: ApiTokenRevokeInput!) {
  apiTokenRevoke(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ApiTokenRevokeMutation, ApiTokenRevokeMutationVariables>;
export const WorkstreamCreateDocument = new TypedDocumentString(`
    mutation WorkstreamCreate($input: WorkstreamCreateInput!) {
  workstreamCreate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<WorkstreamCreateMutation, WorkstreamCreateMutationVariables>;
export const WorkstreamUpdateDocument = new TypedDocumentString(`
    mutation WorkstreamUpdate($input: WorkstreamUpdateInput!) {
  workstreamUpdate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<WorkstreamUpdateMutation, WorkstreamUpdateMutationVariables>;
export const WorkstreamsDocument = new TypedDocumentString(`
    query Workstreams($after: String) {
  workstreams(first: 20, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...WorkstreamRow
    }
  }
}
    fragment WorkstreamRow on Workstream {
  id
  version
  name
  description
  language
  active
  autoResolve {
    openSeconds
    activeSeconds
    waitingSeconds
    wrapUpSeconds
  }
  fallbackQueue {
    id
    name
  }
  supportNumbers(first: 20) {
    nodes {
      id
      number
    }
  }
}`) as unknown as TypedDocumentString<WorkstreamsQuery, WorkstreamsQueryVariables>;
export const WorkstreamChoicesDocument = new TypedDocumentString(`
    query WorkstreamChoices {
  queues(first: 100) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<WorkstreamChoicesQuery, WorkstreamChoicesQueryVariables>;
export const AuditEntriesDocument = new TypedDocumentString(`
    query AuditEntries($filter: AuditFilter, $before: String) {
  auditEntries(last: 50, filter: $filter, before: $before) {
    pageInfo {
      hasPreviousPage
      startCursor
    }
    nodes {
      ...AuditEntryRow
    }
  }
}
    fragment AuditEntryRow on AuditEntry {
  id
  action
  at
  outcome
  subjectId
  ip
  requestId
  actor {
    label
  }
  changes {
    field
    before
    after
  }
}`) as unknown as TypedDocumentString<AuditEntriesQuery, AuditEntriesQueryVariables>;
export const ConfigChangesDocument = new TypedDocumentString(`
    subscription ConfigChanges($after: EventCursor) {
  configChanges(after: $after) {
    position {
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConfigChangesSubscription, ConfigChangesSubscriptionVariables>;
export const ConsentsDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<ConsentsQuery, ConsentsQueryVariables>;
export const ConsentLedgerCheckDocument = new TypedDocumentString(`
    query ConsentLedgerCheck {
  consentLedgerCheck {
    lines
    problem
    whole
  }
}
    `) as unknown as TypedDocumentString<ConsentLedgerCheckQuery, ConsentLedgerCheckQueryVariables>;
export const ConsentSetDocument = new TypedDocumentString(`
    mutation ConsentSet($input: ConsentSetInput!) {
  consentSet(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<ConsentSetMutation, ConsentSetMutationVariables>;
export const ConsentImportDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ConsentImportMutation, ConsentImportMutationVariables>;
export const KeywordsDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<KeywordsQuery, KeywordsQueryVariables>;
export const SetWordsDocument = new TypedDocumentString(`
    mutation SetWords($input: OrganizationUpdateInput!) {
  organizationUpdate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<SetWordsMutation, SetWordsMutationVariables>;
export const AutomatedMessagesDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<AutomatedMessagesQuery, AutomatedMessagesQueryVariables>;
export const AutomatedMessageSetDocument = new TypedDocumentString(`
    mutation AutomatedMessageSet($input: AutomatedMessageSetInput!) {
  automatedMessageSet(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AutomatedMessageSetMutation, AutomatedMessageSetMutationVariables>;
export const CallbacksDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<CallbacksQuery, CallbacksQueryVariables>;
export const CallbackReplayDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<CallbackReplayMutation, CallbackReplayMutationVariables>;
export const CallbackRetentionDocument = new TypedDocumentString(`
    query CallbackRetention {
  organization {
    version
    callbackRetentionDays
  }
}
    `) as unknown as TypedDocumentString<CallbackRetentionQuery, CallbackRetentionQueryVariables>;
export const OrganizationUpdateDocument = new TypedDocumentString(`
    mutation OrganizationUpdate($input: OrganizationUpdateInput!) {
  organizationUpdate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<OrganizationUpdateMutation, OrganizationUpdateMutationVariables>;
export const QuarantineDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<QuarantineQuery, QuarantineQueryVariables>;
export const QuarantineReplayDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<QuarantineReplayMutation, QuarantineReplayMutationVariables>;
export const PeopleDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<PeopleQuery, PeopleQueryVariables>;
export const PeopleChoicesDocument = new TypedDocumentString(`
    query PeopleChoices {
  queues(first: 100) {
    nodes {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<PeopleChoicesQuery, PeopleChoicesQueryVariables>;
export const AgentCreateDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<AgentCreateMutation, AgentCreateMutationVariables>;
export const AgentUpdateDocument = new TypedDocumentString(`
    mutation AgentUpdate($input: AgentUpdateInput!) {
  agentUpdate(input: $input) {
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AgentUpdateMutation, AgentUpdateMutationVariables>;
export const AgentInviteDocument = new TypedDocumentString(`
    mutation AgentInvite($input: AgentInviteInput!) {
  agentInvite(input: $input) {
    invitationUrl
    expiresAt
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AgentInviteMutation, AgentInviteMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions($agentId: ID) {
  sessions(agentId: $agentId) {
    id
    createdAt
    expiresAt
    current
  }
}
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const SessionRevokeDocument = new TypedDocumentString(`
    mutation SessionRevoke($input: SessionRevokeInput!) {
  sessionRevoke(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SessionRevokeMutation, SessionRevokeMutationVariables>;
export const ChannelAccountsDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<ChannelAccountsQuery, ChannelAccountsQueryVariables>;
export const ChannelAccountCreateDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ChannelAccountCreateMutation, ChannelAccountCreateMutationVariables>;
export const ChannelAccountValidateDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ChannelAccountValidateMutation, ChannelAccountValidateMutationVariables>;
export const ChannelAccountRotateKeyDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ChannelAccountRotateKeyMutation, ChannelAccountRotateKeyMutationVariables>;
export const ChannelAccountResumeDocument = new TypedDocumentString(`
    mutation ChannelAccountResume($input: ChannelAccountResumeInput!) {
  channelAccountResume(input: $input) {
    userErrors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ChannelAccountResumeMutation, ChannelAccountResumeMutationVariables>;
export const PickDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<PickMutation, PickMutationVariables>;
export const WaitDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<WaitMutation, WaitMutationVariables>;
export const ResumeDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<ResumeMutation, ResumeMutationVariables>;
export const WrapUpDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<WrapUpMutation, WrapUpMutationVariables>;
export const ResolveDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<ResolveMutation, ResolveMutationVariables>;
export const RetryDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<RetryMutation, RetryMutationVariables>;
export const AgentFeedDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<AgentFeedSubscription, AgentFeedSubscriptionVariables>;
export const AlertsDocument = new TypedDocumentString(`
    query Alerts($open: Boolean!) {
  alerts(last: 50, open: $open) {
    nodes {
      ...AlertItem
    }
  }
}
    fragment AlertItem on Alert {
  id
  kind
  text
  raisedAt
  renewedAt
  count
  acknowledgedAt
  acknowledgedBy {
    id
    displayName
  }
  clearedAt
  subject {
    __typename
    ... on ChannelAccount {
      id
      name
    }
  }
}`) as unknown as TypedDocumentString<AlertsQuery, AlertsQueryVariables>;
export const SendTextDocument = new TypedDocumentString(`
    mutation SendText($input: MessageSendInput!) {
  messageSend(input: $input) {
    message {
      ...MessageItem
    }
    userErrors {
      code
      message
      field
    }
  }
}
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
}`) as unknown as TypedDocumentString<SendTextMutation, SendTextMutationVariables>;
export const SetupStateDocument = new TypedDocumentString(`
    query SetupState {
  setupState {
    claimed
    simulated
    steps {
      name
      done
      at
    }
  }
}
    `) as unknown as TypedDocumentString<SetupStateQuery, SetupStateQueryVariables>;
export const ConversationEventsDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<ConversationEventsSubscription, ConversationEventsSubscriptionVariables>;
export const OlderMessagesDocument = new TypedDocumentString(`
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
}`) as unknown as TypedDocumentString<OlderMessagesQuery, OlderMessagesQueryVariables>;