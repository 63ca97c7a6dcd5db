// One typed POST. Whoever is signed in is known by the cookie, which no script can read.
import { QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { TypedDocumentString } from '../gql/graphql';

/** The server answered that the request cannot be carried out. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly requestId: string | undefined,
  ) {
    super(message);
  }
}

/** No answer came; whether the server has acted is not known. */
export class ConnectionError extends Error {}

interface Answer<Result> {
  data?: Result;
  errors?: { message: string; extensions?: { code?: string; requestId?: string } }[];
}

const sessionEnd = new EventTarget();

/** Calls back when a request or a stream finds that nobody is signed in any more. */
export function onSessionEnd(listener: () => void): () => void {
  sessionEnd.addEventListener('end', listener);
  return () => sessionEnd.removeEventListener('end', listener);
}

export function tellSessionEnd() {
  sessionEnd.dispatchEvent(new Event('end'));
}

export async function request<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables?: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  let answer: Answer<Result>;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: signal ?? null,
    });
    answer = (await response.json()) as Answer<Result>;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ConnectionError('no answer', { cause });
  }
  const error = answer.errors?.[0];
  if (error) {
    const code = error.extensions?.code ?? 'INTERNAL_SERVER_ERROR';
    if (code === 'UNAUTHENTICATED') tellSessionEnd();
    throw new ApiError(error.message, code, error.extensions?.requestId);
  }
  return answer.data as Result;
}

/** What an error says to a person. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether trying again may help. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ConnectionError || (error instanceof ApiError && error.code === 'UNAVAILABLE')
  );
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (count, error) => count < 2 && isPassing(error) },
  },
});

export function useRequest<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables?: Variables,
) {
  return useQuery({
    queryKey: [document.toString(), variables ?? null],
    queryFn: ({ signal }) => request(document, variables, signal),
  });
}

interface Page<Row> {
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  nodes: Row[];
}

/** Pages of one list; whoever has more has to search, not to scroll. */
const PAGES_MAX = 50;

/** A whole list, read page by page. */
export function useAll<Result, Row>(
  document: TypedDocumentString<Result, { after?: string | null }>,
  select: (result: Result) => Page<Row> | null | undefined,
) {
  return useQuery({
    queryKey: [document.toString(), 'all'],
    queryFn: async ({ signal }) => {
      const rows: Row[] = [];
      let after: string | null = null;
      for (let count = 0; count < PAGES_MAX; count += 1) {
        const page: Page<Row> | null | undefined = select(
          await request(document, { after }, signal),
        );
        rows.push(...(page?.nodes ?? []));
        if (!page?.pageInfo.hasNextPage) break;
        after = page.pageInfo.endCursor ?? null;
      }
      return rows;
    },
  });
}

interface EarlierPage<Row> {
  pageInfo: { hasPreviousPage: boolean; startCursor?: string | null };
  nodes: Row[];
}

/** A long list from its newest end, one page after the other as somebody asks for it. */
export function useNewest<Result, Variables extends { before?: string | null }, Row>(
  document: TypedDocumentString<Result, Variables>,
  variables: Omit<Variables, 'before'>,
  select: (result: Result) => EarlierPage<Row> | null | undefined,
) {
  const query = useInfiniteQuery({
    queryKey: [document.toString(), variables],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      select(await request(document, { ...variables, before: pageParam } as Variables, signal)),
    getNextPageParam: (page) => (page?.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null),
  });
  const rows = query.data?.pages.flatMap((page) => page?.nodes.toReversed() ?? []) ?? [];
  return {
    rows,
    isPending: query.isPending,
    error: query.error,
    refetch: query.refetch,
    readMore: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}

/** Everything that was read is read again: a set-up change may be about any of it. */
export function refreshAll() {
  return queries.invalidateQueries();
}
