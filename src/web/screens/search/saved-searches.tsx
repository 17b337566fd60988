import { useState, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button, Check, Dialog, Panel, TextField } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { counted } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './search.module.css';

/** The caller's saved searches; a watched one says how many new answers it has. */
export function SavedSearches(): ReactNode {
  const saved = useApi('listSearches', {});
  const remove = useAction('deleteSearch', ['listSearches', 'listAlerts']);
  const change = useAction('changeSearch', ['listSearches']);
  const all = saved.data?.searches ?? [];
  if (saved.error !== null || all.length === 0) return null;
  return (
    <Panel title="Saved searches" isFlush>
      <ul className={styles.list}>
        {all.map(({ id, name, query, isWatched, openAlerts, problem }) => (
          <li key={id}>
            <span className={styles.saved}>
              <a href={href('search', {}, { q: query })}>
                <Inert isProse text={name} clamp={80} />
              </a>
              <Inert text={query} clamp={90} />
              {problem !== undefined && <span className="soft">{problem}</span>}
            </span>
            {openAlerts > 0 && <Badge kind="suspected">{counted(openAlerts, 'new answer')}</Badge>}
            <Button
              kind="quiet"
              label={isWatched ? 'Watched: stop watching' : 'Watch: new answers become alerts'}
              aria-pressed={isWatched}
              onPress={() =>
                change.mutate({ params: { id }, body: { isWatched: !isWatched } }, { onError: sayFault })
              }
            >
              {isWatched ? '◉' : '○'}
            </Button>
            <Button
              kind="quiet"
              label="Delete this saved search"
              onPress={() => remove.mutate({ params: { id } }, { onError: sayFault })}
            >
              ✕
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Gives a query a name; watched, its new answers become alerts. */
export function SaveSearch({
  query,
  onClose,
}: {
  readonly query: string;
  readonly onClose: () => void;
}): ReactNode {
  const [name, setName] = useState('');
  const [isWatched, setWatched] = useState(false);
  const create = useAction('createSearch', ['listSearches']);
  return (
    <Dialog
      title="Save this search"
      onClose={onClose}
      isReady={name.trim() !== ''}
      isBusy={create.isPending}
      onSubmit={() =>
        create.mutate(
          { body: { name: name.trim(), query, isWatched } },
          {
            onSuccess: () => {
              onClose();
              say(isWatched ? 'Saved and watched.' : 'Saved.');
            },
          },
        )
      }
    >
      <Inert text={query} />
      <TextField label="Name" value={name} onChange={setName} autoFocus isRequired />
      <Check isSelected={isWatched} onChange={setWatched}>
        Watch it: new answers become alerts
      </Check>
      {create.error !== null && <Fault error={create.error} />}
    </Dialog>
  );
}
