import { refang, parseUrl } from '#model';
import { useState, type ReactNode } from 'react';
import { useApi, useAction } from '../../client/use-api.ts';
import { Button, Check, Panel, Select, TextField } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { say } from '../../design/toasts.tsx';
import { counted } from '../../value/time.tsx';
import { addressesOf } from './visit-job.ts';
import styles from './crawls.module.css';

const MOST = 1_000;

const EVERY = [
  { id: '0', name: 'once' },
  { id: '3600', name: 'every hour' },
  { id: '86400', name: 'every day' },
  { id: '604800', name: 'every week' },
] as const;

const LANES = [
  { id: 'browser', name: 'in a browser', hint: 'Scripts run, controls are pressed, screenshots taken' },
  { id: 'http', name: 'over plain HTTP', hint: 'Fast; no scripts and nothing to see' },
] as const;

/** One address or a list: what is to be visited, and how. */
export function NewVisits(): ReactNode {
  const [text, setText] = useState('');
  const [persona, setPersona] = useState<string>();
  const [every, setEvery] = useState<(typeof EVERY)[number]['id']>('0');
  const [lane, setLane] = useState<(typeof LANES)[number]['id']>('browser');
  const [presses, setPresses] = useState(true);
  const personas = useApi('listPersonas', {});
  const request = useAction('requestCaptures', ['listJobs', 'listCaptures']);
  const addresses = addressesOf(text, refang);
  const wrong = addresses.filter((address) => parseUrl(address) === undefined);
  const known = personas.data?.personas ?? [];
  const send = async (): Promise<void> => {
    try {
      const { jobs } = await request.mutateAsync({
        body: {
          urls: addresses.slice(0, MOST),
          lane,
          ...(lane === 'browser' && { interact: presses }),
          ...(persona !== undefined && { persona }),
          ...(every !== '0' && { everySeconds: Number(every) }),
        },
      });
      setText('');
      say(`${counted(jobs.length, 'visit')} in the queue; they show up here by themselves.`);
    } catch {
      // shown below
    }
  };
  return (
    <Panel title="New visits">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (addresses.length > 0 && wrong.length === 0 && !request.isPending) void send();
        }}
      >
        <TextField
          label="Addresses"
          hint="One, or a list: one a line. Defanged ones (hxxps://example[.]org) are understood; a bare host is visited over https."
          rows={3}
          value={text}
          onChange={setText}
          placeholder="https://example.org/"
          error={
            wrong.length > 0
              ? `No web address: ${wrong.slice(0, 3).join(', ')}`
              : addresses.length > MOST
                ? `At most ${MOST} at a time`
                : undefined
          }
        />
        <div className={styles.how}>
          <Select
            label="As"
            choices={known.map(({ id, title }) => ({ id, name: title }))}
            value={persona ?? known[0]?.id}
            onChange={setPersona}
          />
          <Select label="How" choices={LANES} value={lane} onChange={setLane} />
          <Select label="How often" choices={EVERY} value={every} onChange={setEvery} />
          {lane === 'browser' && (
            <div className={styles.check}>
              <Check isSelected={presses} onChange={setPresses}>
                Press controls that look like a download
              </Check>
            </div>
          )}
          <span className={styles.spring} />
          <Button
            kind="primary"
            type="submit"
            isDisabled={addresses.length === 0 || wrong.length > 0 || request.isPending}
          >
            Visit {addresses.length > 1 ? counted(addresses.length, 'address', 'addresses') : ''}
          </Button>
        </div>
        {request.error !== null && <Fault error={request.error} />}
      </form>
    </Panel>
  );
}
