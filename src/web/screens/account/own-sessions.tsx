import type { ReactNode } from 'react';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button, Panel } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './account.module.css';

/** Where the account is signed in; each can be ended. */
export function OwnSessions(): ReactNode {
  const sessions = useApi('listSessions', {});
  const end = useAction('endSession', ['listSessions']);
  return (
    <Panel title="Where you are signed in">
      {sessions.error !== null && <Fault error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isPending && <Wait />}
      <ul className={styles.rows}>
        {sessions.data?.sessions.map(({ id, isThisOne, agent, address, createdAt, lastSeenAt }) => (
          <li key={id} className={styles.entry}>
            <span className={styles.entryText}>
              <Inert isProse text={agent === '' ? 'unknown program' : agent} clamp={120} />
              <span className="soft">
                from {address}, since <Time at={createdAt} />, last used <Time at={lastSeenAt} />
              </span>
            </span>
            {isThisOne ? (
              <Badge kind="good">this one</Badge>
            ) : (
              <Button
                kind="danger"
                aria-label={`End the session from ${address}`}
                onPress={() =>
                  end.mutate(
                    { params: { id } },
                    { onError: sayFault, onSuccess: () => say('That session is over.') },
                  )
                }
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
