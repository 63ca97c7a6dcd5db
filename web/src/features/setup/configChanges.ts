// A change by another admin, or by the server, shows at once.
import { useEffect } from 'react';
import { graphql } from '../../gql';
import type { ConfigChangesSubscription } from '../../gql/graphql';
import { refreshAll } from '../../lib/graphql';
import { socket } from '../../live/connection';

const CONFIG_CHANGES = graphql(/* GraphQL */ `
  subscription ConfigChanges($after: EventCursor) {
    configChanges(after: $after) {
      position {
        cursor
      }
    }
  }
`);

const RESTART_AFTER_MS = 2_000;

export function useConfigChanges() {
  useEffect(() => {
    let cursor: string | undefined;
    let isStopped = false;
    let end: () => void = () => undefined;
    const start = () => {
      if (isStopped) return;
      end = socket().subscribe<ConfigChangesSubscription>(
        {
          query: CONFIG_CHANGES.toString(),
          get variables() {
            return { after: cursor };
          },
        },
        {
          next: ({ data }) => {
            if (!data) return;
            cursor = data.configChanges.position.cursor;
            void refreshAll();
          },
          error: () => {
            // A cursor that is too old is refused: what is shown is read anew.
            cursor = undefined;
            void refreshAll();
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
  }, []);
}
