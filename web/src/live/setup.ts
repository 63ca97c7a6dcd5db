// How far the system is set up; the desk tells when a text may have moved it.
import { useQuery } from '@tanstack/react-query';
import { graphql } from '../gql';
import { queries, request } from '../lib/graphql';

const SETUP_STATE = graphql(/* GraphQL */ `
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
`);

const KEY = 'setupState';
export const PHONE_KEY = 'phone';

export function useSetupState() {
  return useQuery({
    queryKey: [KEY],
    queryFn: async ({ signal }) => (await request(SETUP_STATE, {}, signal)).setupState,
  });
}

/** A text has come or gone: a step may be done, and the telephone may have rung. */
export function setupMayHaveMoved() {
  void queries.invalidateQueries({ queryKey: [KEY] });
  void queries.invalidateQueries({ queryKey: [PHONE_KEY] });
}
