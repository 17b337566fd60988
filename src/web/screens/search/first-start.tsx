import { useEffect, useRef, type ReactNode } from 'react';
import { useMay } from '../../account/session.ts';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import type { Reply } from '../../client/call.ts';
import { answers, useAction, useApi } from '../../client/use-api.ts';
import { useLive } from '../../client/use-live.ts';
import { Button, Panel } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './search.module.css';

type Demo = Reply<'getDemo'>;

/** Where nothing is stored yet: a campaign to look around in, replayed by one click. */
export function FirstStart(): ReactNode {
  const demo = useApi('getDemo', {});
  const replay = useAction('replayDemo', ['getDemo']);
  // An event of ours has the form of the route's answer.
  useLive(['demo-progress'], (data) => answers.setQueryData(['getDemo', {}], data as Demo));
  const now = demo.data;
  const wasRunning = useRef(false);
  // Also where the end was not heard of, as the page was out of view.
  useEffect(() => {
    if (now?.state === 'running') wasRunning.current = true;
    if (!wasRunning.current || now?.state !== 'done' || now.project === undefined) return;
    wasRunning.current = false;
    void answers.invalidateQueries();
    navigate(href('project', { id: now.project }));
  }, [now]);
  const mayReplay = useMay('capture');
  if (now === undefined || now.state === 'unavailable' || now.state === 'done' || !mayReplay) return null;
  const isRunning = now.state === 'running' || replay.isPending;
  return (
    <Panel title="Nothing is stored yet">
      <p>
        Look around with a campaign first: mails with fake wallet software, replayed on a test internet of
        this machine. Virtual users visit its pages; a minute or two later its project is open. Nothing of it
        leaves this machine.
      </p>
      {isRunning ? (
        <div className={styles.replay} role="status">
          <progress max={Math.max(1, now.total)} value={now.done} aria-label="Replay of the campaign" />
          <span>
            <Inert isProse text={now.line} clamp={160} />
            {now.total > 0 && ` · ${now.done} of ${now.total}`}
          </span>
        </div>
      ) : (
        <div className={styles.replay}>
          <Button kind="primary" onPress={() => replay.mutate({})}>
            Replay the campaign
          </Button>
        </div>
      )}
      {now.state === 'failed' && !isRunning && (
        <p role="alert">
          It failed: <Inert isProse text={now.line} clamp={300} />
        </p>
      )}
      {replay.error !== null && <Fault error={replay.error} />}
    </Panel>
  );
}
