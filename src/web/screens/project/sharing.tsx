import { VISIBILITIES } from '#model';
import { useState, type ReactNode } from 'react';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button, Choices, Dialog, Panel, Select, TextField } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { counted, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import type { OpenProject } from './project-screen.tsx';
import styles from './project.module.css';

const VISIBILITY_NAMES = {
  private: ['Private', 'Only its members see it.'],
  team: ['Team', 'Every analyst here sees and may change it.'],
  public: ['Public', 'Every account here may read it, guests too.'],
} as const;

/** Who sees a project: its visibility, its members, and the links that open it without an account. */
export function Sharing({ project }: { readonly project: OpenProject }): ReactNode {
  const change = useAction('changeProject', ['getProject', 'listProjects', 'getHistory']);
  const isOwner = project.may === 'own';
  return (
    <div className={styles.sharing}>
      <Panel title="Who sees it">
        {isOwner ? (
          <Choices
            label="Visibility"
            showLabel={false}
            choices={VISIBILITIES.map((id) => ({ id, name: VISIBILITY_NAMES[id][0] }))}
            value={project.visibility}
            onChange={(visibility) =>
              change.mutate({ params: { id: project.id }, body: { visibility } }, { onError: sayFault })
            }
          />
        ) : (
          <Badge>{VISIBILITY_NAMES[project.visibility][0]}</Badge>
        )}
        <p className="soft">{VISIBILITY_NAMES[project.visibility][1]}</p>
        {project.owner !== undefined && (
          <p className="soft">
            It belongs to <Inert isProse text={project.owner.name} clamp={60} />.
          </p>
        )}
        {isOwner && <DeleteProject project={project} />}
      </Panel>
      <Members project={project} />
      {isOwner && <GuestLinks project={project} />}
    </div>
  );
}

function DeleteProject({ project }: { readonly project: OpenProject }): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const remove = useAction('deleteProject', ['listProjects']);
  return (
    <div className={styles.ending}>
      <Button kind="danger" onPress={() => setAsked(true)}>
        Delete the project…
      </Button>
      {isAsked && (
        <Dialog
          title="Delete this project?"
          submitLabel="Delete"
          isBusy={remove.isPending}
          onClose={() => setAsked(false)}
          onSubmit={() =>
            remove.mutate(
              { params: { id: project.id } },
              {
                onSuccess: () => {
                  say('The project is deleted.');
                  navigate(href('projects'), { replace: true });
                },
              },
            )
          }
        >
          <p>
            <Inert isProse text={project.name} clamp={100} /> with its{' '}
            {counted(project.artifacts.length, 'artifact')}, notes and history goes for everybody, and its
            guest links open nothing. What was observed stays.
          </p>
          {remove.error !== null && <Fault error={remove.error} />}
        </Dialog>
      )}
    </div>
  );
}

function Members({ project: { id, may, owner } }: { readonly project: OpenProject }): ReactNode {
  const members = useApi('listMembers', { params: { id } });
  const people = useApi('listPeople', {}, { enabled: may === 'own' });
  const put = useAction('putMember', ['listMembers', 'getHistory']);
  const remove = useAction('removeMember', ['listMembers', 'getHistory']);
  const all = members.data?.members ?? [];
  const others = (people.data?.people ?? []).filter(
    (person) => person.id !== owner?.id && !all.some(({ user }) => user === person.id),
  );
  return (
    <Panel title="Members" isFlush>
      {members.error !== null && <Fault error={members.error} />}
      {members.isPending && <Wait />}
      <ul className={styles.rows}>
        {all.map(({ user, name, may: right }) => (
          <li key={user}>
            <Inert isProse text={name} clamp={60} />
            {may === 'own' ? (
              <>
                <Select
                  label={`What ${name} may do`}
                  showLabel={false}
                  choices={RIGHTS}
                  value={right}
                  onChange={(next) =>
                    put.mutate({ params: { id, user }, body: { may: next } }, { onError: sayFault })
                  }
                />
                <Button
                  kind="quiet"
                  label={`Take ${name} out`}
                  onPress={() => remove.mutate({ params: { id, user } }, { onError: sayFault })}
                >
                  ✕
                </Button>
              </>
            ) : (
              <span className="soft">may {right}</span>
            )}
          </li>
        ))}
      </ul>
      {members.data !== undefined && all.length === 0 && (
        <p className={styles.none}>Nobody beside its owner.</p>
      )}
      {may === 'own' && others.length > 0 && (
        <div className={styles.rowFoot}>
          <Select
            label="Add a member"
            showLabel={false}
            placeholder="Add somebody…"
            choices={others.map((person) => ({ id: person.id, name: person.name, hint: person.role }))}
            value={undefined}
            onChange={(user) =>
              put.mutate({ params: { id, user }, body: { may: 'read' } }, { onError: sayFault })
            }
          />
        </div>
      )}
    </Panel>
  );
}

const RIGHTS = [
  { id: 'read', name: 'may read' },
  { id: 'write', name: 'may change' },
] as const;

function GuestLinks({ project: { id } }: { readonly project: OpenProject }): ReactNode {
  const links = useApi('listGuestLinks', { params: { id } });
  const revoke = useAction('revokeGuestLink', ['listGuestLinks', 'getHistory']);
  const [isMaking, setMaking] = useState(false);
  const all = links.data?.links ?? [];
  return (
    <Panel
      title="Guest links"
      isFlush
      actions={
        <Button kind="primary" onPress={() => setMaking(true)}>
          New guest link
        </Button>
      }
    >
      {links.error !== null && <Fault error={links.error} />}
      {links.isPending && <Wait />}
      {links.data !== undefined && all.length === 0 && (
        <p className={styles.none}>
          None. Whoever has a guest link reads this project without an account, and nothing else.
        </p>
      )}
      <ul className={styles.rows}>
        {all.map((link) => (
          <li key={link.id}>
            <span>
              <Inert isProse text={link.name === '' ? 'Without a name' : link.name} clamp={80} />
              <span className={styles.meta}>
                {' '}
                made <Time at={link.createdAt} />, opened {counted(link.opened, 'time')}
              </span>
            </span>
            {link.isRevoked ? (
              <Badge>revoked</Badge>
            ) : (
              <Button
                kind="danger"
                onPress={() => revoke.mutate({ params: { id, link: link.id } }, { onError: sayFault })}
              >
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isMaking && <NewGuestLink project={id} onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function NewGuestLink({
  project,
  onClose,
}: {
  readonly project: string;
  readonly onClose: () => void;
}): ReactNode {
  const [name, setName] = useState('');
  const add = useAction('addGuestLink', ['listGuestLinks', 'getHistory']);
  const address = add.data === undefined ? undefined : new URL(add.data.path, location.href).href;
  if (address !== undefined)
    return (
      <Dialog title="The guest link" onClose={onClose}>
        <p>It is shown this once. Whoever has it reads the project until you revoke it.</p>
        <TextField label="Address" value={address} onChange={() => {}} autoFocus />
        <div>
          <Button
            onPress={() =>
              void navigator.clipboard.writeText(address).then(
                () => say('Copied.'),
                () =>
                  say(
                    'The browser does not let this page use the clipboard: select the address and copy it.',
                  ),
              )
            }
          >
            Copy
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog
      title="New guest link"
      onClose={onClose}
      submitLabel="Make the link"
      isBusy={add.isPending}
      onSubmit={() =>
        add.mutate(
          { params: { id: project }, body: name.trim() === '' ? {} : { name: name.trim() } },
          { onError: sayFault },
        )
      }
    >
      <TextField
        label="Whom it is for"
        hint="So that you know which to revoke."
        value={name}
        onChange={setName}
        autoFocus
      />
    </Dialog>
  );
}
