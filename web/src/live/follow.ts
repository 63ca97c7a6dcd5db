// A subscription that resumes after the cursor it holds, and starts anew where that is not possible.
import type { TypedDocumentString } from '../gql/graphql';
import { tellSessionEnd } from '../lib/graphql';
import { socket } from './connection';

const RESTART_AFTER_MS = 1_000;

/** What became of a frame: the cursor that is held now, or none where it does not continue. */
export type Taken = string | undefined;

export interface Following<Result, Variables> {
  document: TypedDocumentString<Result, Variables & { after?: string | null }>;
  variables: Variables;
  /** Takes a frame in, given the cursor that was held before it. */
  take: (result: Result, held: Taken) => Taken;
  /** What was held is of no use: whatever came meanwhile was missed. */
  onAnew?: () => void;
  /** The server will not tell this viewer, now or later. */
  onRefused?: () => void;
}

/** Follows until told to stop. */
export function follow<Result, Variables>(following: Following<Result, Variables>): () => void {
  const { document, variables, take, onAnew, onRefused } = following;
  let held: Taken;
  let isStopped = false;
  let end: () => void = () => undefined;

  const startAnew = () => {
    held = undefined;
    end();
    onAnew?.();
    setTimeout(start, 0);
  };
  const refuse = (errors: readonly { extensions?: Record<string, unknown> }[]) => {
    if (errors.some((error) => error.extensions?.['code'] === 'UNAUTHENTICATED')) tellSessionEnd();
    else if (held !== undefined) startAnew();
    else onRefused?.();
  };
  const start = () => {
    if (isStopped) return;
    end = socket().subscribe<Result>(
      {
        query: document.toString(),
        // Read anew at each reconnection.
        get variables() {
          return { ...variables, after: held } as Record<string, unknown>;
        },
      },
      {
        next: ({ data, errors }) => {
          if (errors?.length) return refuse(errors);
          held = data ? take(data, held) : held;
          if (held === undefined) startAnew();
        },
        error: (error) => {
          if (Array.isArray(error)) return refuse(error);
          setTimeout(start, RESTART_AFTER_MS);
        },
        complete: () => undefined,
      },
    );
  };
  start();
  return () => {
    isStopped = true;
    end();
  };
}
