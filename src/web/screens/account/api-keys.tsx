import { SCOPES, type Scope } from '#model';
import { useState, type ReactNode } from 'react';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button, Check, Dialog, Panel, TextField } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './account.module.css';
import { ShownOnce } from './shown-once.tsx';

const HINTS: Readonly<Record<Scope, string>> = {
  read: 'look things up',
  write: 'change projects and searches',
  capture: 'visit pages',
  admin: 'accounts and keys',
};

/** Keys for scripts, each with what it may do. */
export function ApiKeys(): ReactNode {
  const keys = useApi('listKeys', {});
  const revoke = useAction('revokeKey', ['listKeys']);
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <Panel title="API keys" actions={<Button onPress={() => setMaking(true)}>Make a key</Button>}>
      {keys.error !== null && <Fault error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && <Wait />}
      {keys.data?.keys.length === 0 && (
        <Empty title="No key yet">
          Scripts and other programs ask the API with one. Give each only what it needs.
        </Empty>
      )}
      <ul className={styles.rows}>
        {keys.data?.keys.map(({ id, name, owner, scopes, createdAt, isRevoked }) => (
          <li key={id} className={styles.entry}>
            <span className={styles.entryText}>
              <Inert isProse text={name} clamp={100} />
              <span className="soft">
                {scopes.join(', ')} · of {owner.name} · made <Time at={createdAt} precision="day" />
              </span>
            </span>
            {isRevoked ? (
              <Badge kind="dismissed">revoked</Badge>
            ) : (
              <Button
                kind="danger"
                aria-label={`Revoke ${name}`}
                onPress={() =>
                  revoke.mutate(
                    { params: { id } },
                    { onError: sayFault, onSuccess: () => say('The key is revoked.') },
                  )
                }
              >
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isMaking && (
        <MakeKey
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            setSecret(made);
          }}
        />
      )}
      {secret !== undefined && (
        <ShownOnce
          title="The new key"
          text="It is shown now and kept nowhere. Programs send it as: Authorization: Bearer KEY"
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
    </Panel>
  );
}

function MakeKey(props: {
  readonly onClose: () => void;
  readonly onMade: (secret: string) => void;
}): ReactNode {
  const create = useAction('createKey', ['listKeys']);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  return (
    <Dialog
      title="Make an API key"
      submitLabel="Make"
      isBusy={create.isPending}
      isReady={name.trim() !== '' && scopes.length > 0}
      onClose={props.onClose}
      onSubmit={() =>
        create.mutate(
          { body: { name, scopes: [...scopes] } },
          { onSuccess: ({ secret }) => props.onMade(secret) },
        )
      }
    >
      <div className={styles.form}>
        {create.error !== null && <Fault error={create.error} />}
        <TextField label="What for" value={name} onChange={setName} autoFocus isRequired />
        <fieldset className={styles.form}>
          <legend>It may</legend>
          {SCOPES.map((scope) => (
            <Check
              key={scope}
              isSelected={scopes.includes(scope)}
              onChange={(isOn) =>
                setScopes(isOn ? [...scopes, scope] : scopes.filter((each) => each !== scope))
              }
            >
              {scope} <span className="soft">{HINTS[scope]}</span>
            </Check>
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}
