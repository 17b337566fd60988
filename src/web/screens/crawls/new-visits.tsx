import { refang, parseUrl } from '#model';
import { useState, type ReactNode } from 'react';
import { useApi, useAction } from '../../client/use-api.ts';
import { Button, Check, Panel, Select, TextField } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { say } from '../../design/toasts.tsx';
import { counted, figure } from '../../value/time.tsx';
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

const FOLLOW = [
  { id: 'page', name: 'no links' },
  { id: 'host', name: 'within the host' },
  { id: 'domain', name: 'within the domain' },
  { id: 'any', name: 'every link' },
] as const;
const DEPTHS = ['1', '2', '3', '5', '10'].map((id) => ({ id, name: id === '1' ? '1 step' : `${id} steps` }));
const PAGES = ['20', '100', '500', '2000'].map((id) => ({ id, name: `${figure(Number(id))} pages` }));

/** One address or a list: what is to be visited, and how. */
export function NewVisits(): ReactNode {
  const [text, setText] = useState('');
  const [persona, setPersona] = useState<string>();
  const [every, setEvery] = useState<(typeof EVERY)[number]['id']>('0');
  const [lane, setLane] = useState<(typeof LANES)[number]['id']>('browser');
  const [presses, setPresses] = useState(true);
  const [follow, setFollow] = useState<(typeof FOLLOW)[number]['id']>('page');
  const [depth, setDepth] = useState('1');
  const [pages, setPages] = useState('100');
  const crawl = useAction('startCrawl', ['listCrawls', 'listJobs']);
  const personas = useApi('listPersonas', {});
  const request = useAction('requestCaptures', ['listJobs', 'listCaptures']);
  const addresses = addressesOf(text, refang);
  const wrong = addresses.filter((address) => parseUrl(address) === undefined);
  const known = personas.data?.personas ?? [];
  const isCrawl = follow !== 'page';
  const isBusy = request.isPending || crawl.isPending;
  const send = async (): Promise<void> => {
    const how = {
      lane,
      ...(lane === 'browser' && { interact: presses }),
      ...(persona !== undefined && { persona }),
    };
    const wanted = addresses.slice(0, MOST);
    try {
      if (isCrawl) {
        const limits = { scope: follow, maxDepth: Number(depth), maxPages: Number(pages) };
        await crawl.mutateAsync({ body: { ...how, ...limits, seeds: wanted } });
        say('The crawl has begun; how far it is shows up below by itself.');
      } else {
        const often = every === '0' ? {} : { everySeconds: Number(every) };
        const { jobs } = await request.mutateAsync({ body: { ...how, ...often, urls: wanted } });
        say(`${counted(jobs.length, 'visit')} in the queue; they show up here by themselves.`);
      }
      setText('');
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
          if (addresses.length > 0 && wrong.length === 0 && !isBusy) void send();
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
          <Select label="Follow" choices={FOLLOW} value={follow} onChange={setFollow} />
          {isCrawl ? (
            <>
              <Select label="As deep as" choices={DEPTHS} value={depth} onChange={setDepth} />
              <Select label="At most" choices={PAGES} value={pages} onChange={setPages} />
            </>
          ) : (
            <Select label="How often" choices={EVERY} value={every} onChange={setEvery} />
          )}
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
            isDisabled={addresses.length === 0 || wrong.length > 0 || isBusy}
          >
            {isCrawl ? 'Crawl from' : 'Visit'}{' '}
            {addresses.length > 1 ? counted(addresses.length, 'address', 'addresses') : isCrawl ? 'it' : ''}
          </Button>
        </div>
        {request.error !== null && <Fault error={request.error} />}
        {crawl.error !== null && <Fault error={crawl.error} />}
      </form>
    </Panel>
  );
}
