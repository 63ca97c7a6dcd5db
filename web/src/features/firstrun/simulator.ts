// The simulator as a choice: what it takes to hold a conversation with nobody's money.
import i18next from 'i18next';
import { graphql } from '../../gql';
import { refreshAll, request } from '../../lib/graphql';

/** Only the demo has it; it answers this machine alone. */
const PHONE = '/demo/phone';

const CHOSEN = graphql(/* GraphQL */ `
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
`);

const QUEUE = graphql(/* GraphQL */ `
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
`);

const WORKSTREAM = graphql(/* GraphQL */ `
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
`);

const ACCOUNT = graphql(/* GraphQL */ `
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
`);

const NUMBER = graphql(/* GraphQL */ `
  mutation FirstNumber($input: SupportNumberAddInput!) {
    made: supportNumberAdd(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

interface Made {
  userErrors: readonly { message: string }[];
}

/** What was made; a refusal ends the whole of it. */
async function make<Result extends Made>(
  asked: Promise<{ made?: Result | null }>,
): Promise<Result> {
  const { made } = await asked;
  const refusal = made?.userErrors[0]?.message;
  if (refusal || !made) throw new Error(refusal);
  return made;
}

interface SimulatedAccount {
  customerId: string;
  apiKey: string;
  /** What a customer texts. */
  number: string;
}

async function ask(path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const posting = body && { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(PHONE + path, posting);
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

async function simulatedAccount(): Promise<SimulatedAccount> {
  return (await ask('/account')).json() as Promise<SimulatedAccount>;
}

/** Lets the simulator find us, also after it was started anew; answers what a customer texts. */
export async function joinSimulator(): Promise<string | null> {
  const { customerId, number } = await simulatedAccount();
  const { channelAccounts } = await request(CHOSEN);
  const ours = channelAccounts?.nodes.find((one) => one.customerId === customerId);
  if (!ours) return null;
  await ask('/callback', { callbackUrl: ours.callbackUrl });
  return number;
}

/** Makes what is missing; a second press goes on where the first has ended. */
export async function chooseSimulator(me: string | undefined): Promise<void> {
  const { t, language } = i18next;
  const { customerId, apiKey, number } = await simulatedAccount();
  const known = await request(CHOSEN);
  let fallbackQueueId = known.queues?.nodes[0]?.id;
  if (!fallbackQueueId) {
    const input = { name: t('firstRun.queue'), agentIds: me ? [me] : [] };
    fallbackQueueId = (await make(request(QUEUE, { input }))).queue!.id;
  }
  let workstreamId = known.workstreams?.nodes[0]?.id;
  if (!workstreamId) {
    const input = { name: t('firstRun.workstream'), language, fallbackQueueId };
    workstreamId = (await make(request(WORKSTREAM, { input }))).workstream!.id;
  }
  let account: { id: string; callbackUrl: string } | undefined;
  account = known.channelAccounts?.nodes.find((one) => one.customerId === customerId);
  if (!account) {
    const name = t('firstRun.simulator');
    const input = { name, customerId, apiKey, idempotencyKey: 'simulator' };
    account = (await make(request(ACCOUNT, { input }))).channelAccount!;
  }
  if (!known.supportNumbers?.nodes.some((one) => one.number === number)) {
    const channelAccountId = account.id;
    const input = { channelAccountId, workstreamId, number, kind: 'GEO' } as const;
    await make(request(NUMBER, { input }));
  }
  await ask('/callback', { callbackUrl: account.callbackUrl });
  await refreshAll();
}

export interface PhoneText {
  sequence: number;
  text: string;
  atMs: number;
}

/** What has come back to a customer. */
export async function phoneTexts(number: string): Promise<PhoneText[]> {
  const answer = await ask(`/texts?number=${number}`);
  return ((await answer.json()) as { texts: PhoneText[] }).texts;
}

export async function textIn(from: string, to: string, text: string): Promise<void> {
  await ask('/texts', { from, to, text });
}
