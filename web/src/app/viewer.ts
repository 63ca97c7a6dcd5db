// Who is signed in.
import { useQuery } from '@tanstack/react-query';
import { graphql } from '../gql';
import type { ViewerQuery } from '../gql/graphql';
import { ApiError, request } from '../lib/graphql';

const VIEWER = graphql(/* GraphQL */ `
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
`);

export type Viewer = NonNullable<ViewerQuery['viewer']>;

/** `null`: nobody is signed in. */
export function useViewerQuery() {
  return useQuery({
    queryKey: ['viewer'],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Viewer | null> => {
      try {
        return (await request(VIEWER, {}, signal)).viewer ?? null;
      } catch (error) {
        if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return null;
        throw error;
      }
    },
  });
}

/** Inside the gate somebody always is. */
export function useViewer(): Viewer {
  const { data } = useViewerQuery();
  if (!data) throw new Error('nobody is signed in here');
  return data;
}

export function useIsAdmin(): boolean {
  return useViewer().role === 'ADMIN';
}

export function useMaySupervise(): boolean {
  return useViewer().role !== 'AGENT';
}
