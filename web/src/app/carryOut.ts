// One change by one press: what the server refuses and what the world prevents is said, never lost.
import i18next from 'i18next';
import { reasonOf, refreshAll } from '../lib/graphql';
import { sayFailed } from '../ui/Toasts';

interface Payload {
  userErrors: readonly { message: string }[];
}

/** What came of it; nothing where it was not done, and why not has been said. */
export async function carryOut<Done extends Payload>(
  asked: Promise<Done | null | undefined>,
): Promise<Done | undefined> {
  try {
    const done = await asked;
    const refusal = done?.userErrors[0]?.message;
    if (refusal) sayFailed(refusal);
    return refusal || !done ? undefined : done;
  } catch (error) {
    sayFailed(i18next.t('thread.notDone', { reason: reasonOf(error) }));
    return undefined;
  } finally {
    void refreshAll();
  }
}
