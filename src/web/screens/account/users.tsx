import { ROLES, type Role } from '#model';
import { useState, type ReactNode } from 'react';
import { useWho } from '../../account/session.ts';
import type { Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button, Dialog, Panel, Select, TextField, type Choice } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { Time } from '../../value/time.tsx';
import styles from './account.module.css';
import { ShownOnce } from './shown-once.tsx';

type User = Reply<'listUsers'>['users'][number];

const HINTS: Readonly<Record<Role, string>> = {
  admin: 'everything, and accounts',
  analyst: 'projects, captures, searches',
  guest: 'reads projects they are a member of',
};
const CHOICES: readonly Choice<Role>[] = ROLES.map((role) => ({ id: role, name: role, hint: HINTS[role] }));

/** Accounts: add, change, remove; a link for who has to sign in for the first time, or forgot the password. */
export function Users(): ReactNode {
  const users = useApi('listUsers', {});
  const link = useAction('addSignInLink');
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<User>();
  const [shown, setShown] = useState<{ name: string; path: string }>();
  const remove = useAction('removeUser', ['listUsers', 'listPeople', 'listProjects']);
  return (
    <Panel title="Accounts" actions={<Button onPress={() => setAdding(true)}>Add a user</Button>}>
      {users.error !== null && <Fault error={users.error} onRetry={() => void users.refetch()} />}
      {users.isPending && <Wait />}
      <ul className={styles.rows}>
        {users.data?.users.map((user) => (
          <UserRow
            key={user.id}
            user={user}
            onLink={() =>
              link.mutate(
                { params: { id: user.id } },
                { onError: sayFault, onSuccess: ({ path }) => setShown({ name: user.name, path }) },
              )
            }
            onRemove={() => setRemoving(user)}
          />
        ))}
      </ul>
      {isAdding && (
        <AddUser
          onClose={() => setAdding(false)}
          onAdded={(name, path) => {
            setAdding(false);
            setShown({ name, path });
          }}
        />
      )}
      {shown !== undefined && (
        <ShownOnce
          title={`Sign-in link for ${shown.name}`}
          text="It signs in once. Send it to them by a way that you trust; they set a password in Settings."
          secret={location.origin + shown.path}
          onClose={() => setShown(undefined)}
        />
      )}
      {removing !== undefined && (
        <Dialog
          title={`Remove ${removing.name}?`}
          submitLabel="Remove"
          isBusy={remove.isPending}
          onClose={() => setRemoving(undefined)}
          onSubmit={() =>
            remove.mutate(
              { params: { id: removing.id } },
              {
                onError: sayFault,
                onSuccess: () => {
                  say(`${removing.name} is removed.`);
                  setRemoving(undefined);
                },
              },
            )
          }
        >
          <p>
            Their sessions end and their API keys are revoked. Their projects go to the owner of this
            installation.
          </p>
        </Dialog>
      )}
    </Panel>
  );
}

function UserRow(props: {
  readonly user: User;
  readonly onLink: () => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { id, name, role, isLocalOwner, lastSignInAt } = props.user;
  const own = useWho()?.user?.id;
  const change = useAction('changeUser', ['listUsers', 'listPeople']);
  return (
    <li className={styles.entry}>
      <span className={styles.entryText}>
        <span>
          {name} {isLocalOwner && <Badge>owner of this installation</Badge>}
        </span>
        <span className="soft">
          {lastSignInAt === undefined ? 'never signed in' : 'last sign-in '}
          {lastSignInAt !== undefined && <Time at={lastSignInAt} />}
        </span>
      </span>
      {!isLocalOwner && (
        <span className={styles.row}>
          <Select
            label={`Role of ${name}`}
            showLabel={false}
            choices={CHOICES}
            value={role}
            onChange={(chosen) =>
              change.mutate({ params: { id }, body: { role: chosen } }, { onError: sayFault })
            }
          />
          <Button onPress={props.onLink} aria-label={`Sign-in link for ${name}`}>
            Sign-in link
          </Button>
          {id !== own && (
            <Button kind="danger" onPress={props.onRemove} aria-label={`Remove ${name}`}>
              Remove
            </Button>
          )}
        </span>
      )}
    </li>
  );
}

function AddUser(props: {
  readonly onClose: () => void;
  readonly onAdded: (name: string, path: string) => void;
}): ReactNode {
  const add = useAction('addUser', ['listUsers', 'listPeople']);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  return (
    <Dialog
      title="Add a user"
      submitLabel="Add"
      isBusy={add.isPending}
      isReady={name !== ''}
      onClose={props.onClose}
      onSubmit={() =>
        add.mutate(
          { body: { name, role } },
          { onSuccess: ({ user, signInLink }) => props.onAdded(user.name, signInLink.path) },
        )
      }
    >
      <div className={styles.form}>
        {add.error !== null && <Fault error={add.error} />}
        <TextField
          label="Name"
          hint="Lower-case letters, digits and . _ @ -"
          value={name}
          onChange={setName}
          autoComplete="off"
          autoFocus
          isRequired
        />
        <Select label="Role" choices={CHOICES} value={role} onChange={setRole} />
      </div>
    </Dialog>
  );
}
