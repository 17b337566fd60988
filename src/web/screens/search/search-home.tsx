import { useState, type ReactNode } from 'react';
import { openDialog } from '../../app/dialogs.ts';
import { navigate } from '../../app/location.ts';
import { keepPasted } from '../../app/pasted.ts';
import { href } from '../../app/screens.ts';
import { useApi } from '../../client/use-api.ts';
import { Button, Panel, TextField } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { figure, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import { FirstStart } from './first-start.tsx';
import { QueryHelp } from './query-help.tsx';
import { SavedSearches } from './saved-searches.tsx';
import styles from './search.module.css';

const SHOWN = 6;

/** Where an investigation begins: paste what came in, go on with a project, look at what was captured last. */
export function SearchHome(): ReactNode {
  return (
    <>
      <h1 className="only-for-readers">Search</h1>
      <div className={styles.home}>
        <div className={styles.column}>
          <FirstStart />
          <Paste />
          <QueryHelp />
        </div>
        <div className={styles.column}>
          <RecentProjects />
          <SavedSearches />
          <RecentCaptures />
        </div>
      </div>
    </>
  );
}

function Paste(): ReactNode {
  const [text, setText] = useState('');
  return (
    <Panel title="Paste a mail, a report or a list">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') navigate(href('search', {}, { pasted: keepPasted(text) }));
        }}
        className={styles.paste}
      >
        <TextField
          label="Text"
          hint="Hosts, addresses, URLs and hashes in it are found, defanged ones too. A mail is read with its headers."
          rows={7}
          value={text}
          onChange={setText}
        />
        <div>
          <Button kind="primary" type="submit" isDisabled={text.trim() === ''}>
            Find what it names
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function RecentProjects(): ReactNode {
  const projects = useApi('listProjects', {});
  const all = projects.data?.projects;
  return (
    <Panel
      title="Projects"
      isFlush
      actions={<Button onPress={() => openDialog({ kind: 'new-project' })}>New project</Button>}
    >
      {projects.error !== null && <Fault error={projects.error} />}
      {projects.isPending && <Wait />}
      {all?.length === 0 && (
        <p className={styles.none}>None yet. A project holds what belongs to one investigation.</p>
      )}
      <ul className={styles.list}>
        {all?.slice(0, SHOWN).map(({ id, name, updatedAt }) => (
          <li key={id}>
            <a href={href('project', { id })}>
              <Inert isProse text={name} clamp={90} />
            </a>
            <Time at={updatedAt} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RecentCaptures(): ReactNode {
  const captures = useApi('listCaptures', { query: { limit: SHOWN } });
  const status = useApi('status', {});
  const all = captures.data?.captures;
  const held = status.data?.observations;
  return (
    <Panel title="Captures" isFlush>
      {captures.error !== null && <Fault error={captures.error} />}
      {captures.isPending && <Wait />}
      {all?.length === 0 && (
        <p className={styles.none}>
          None yet. Look up a host and have it captured, or{' '}
          <a href={href('crawls')}>visit a list of addresses</a>.
        </p>
      )}
      <ul className={styles.list}>
        {all?.map(({ id, url, startedAt }) => (
          <li key={id}>
            <a href={href('capture', { id })} className={styles.cut}>
              <Inert text={url} clamp={160} />
            </a>
            <Time at={startedAt} />
          </li>
        ))}
      </ul>
      {held !== undefined && held.captures > 0 && (
        <p className={styles.none}>
          {figure(held.captures)} captures, {figure(held.edges)} relations held.
        </p>
      )}
    </Panel>
  );
}
