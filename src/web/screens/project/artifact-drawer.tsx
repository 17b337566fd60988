import { ARTIFACT_STATUSES } from '#model';
import { useState, type ReactNode } from 'react';
import { useAction } from '../../client/use-api.ts';
import { Badge, Button, Choices, TextField } from '../../design/controls.tsx';
import { Drawer } from '../../design/drawer.tsx';
import { Fault } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { PathSteps } from './path-line.tsx';
import type { ProjectArtifact } from './project-screen.tsx';
import styles from './project.module.css';

const CHOICES = ARTIFACT_STATUSES.map((id) => ({ id, name: `${id[0]!.toUpperCase()}${id.slice(1)}` }));

/** One artifact of a project: status, the path to it, and what people wrote of it. */
export function ArtifactDrawer(props: {
  readonly project: string;
  readonly artifact: ProjectArtifact;
  readonly isReadOnly: boolean;
  readonly onStatus: (status: ProjectArtifact['status']) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { project, artifact, onStatus, onClose } = props;
  const [reason, setReason] = useState(artifact.reason);
  const [tags, setTags] = useState(artifact.tags.join(', '));
  const [notes, setNotes] = useState(artifact.notes);
  const put = useAction('putArtifact', ['getProject', 'getHistory']);
  const remove = useAction('removeArtifact', ['getProject', 'getHistory']);
  const isChanged =
    reason !== artifact.reason || notes !== artifact.notes || tags !== artifact.tags.join(', ');
  const { type, value, status } = artifact;
  if (props.isReadOnly) return <ReadOnly artifact={artifact} onClose={onClose} />;
  return (
    <Drawer title="Artifact" onClose={onClose}>
      <Value type={type} value={value} />
      <Choices label="Status" choices={CHOICES} value={status} onChange={onStatus} />
      {artifact.path.length > 0 && (
        <section>
          <h3>Path that led to it</h3>
          <PathSteps path={artifact.path} />
        </section>
      )}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          put.mutate(
            {
              params: { id: project },
              body: {
                type,
                value,
                status,
                reason,
                notes,
                tags: tags
                  .split(',')
                  .map((tag) => tag.trim())
                  .filter((tag) => tag !== ''),
              },
            },
            { onSuccess: () => say('Saved.') },
          );
        }}
      >
        <TextField label="Reason" hint="Published with it." value={reason} onChange={setReason} rows={2} />
        <TextField label="Tags" hint="Separated by commas." value={tags} onChange={setTags} />
        <TextField
          label="Notes"
          hint="Markdown; stays in the project."
          value={notes}
          onChange={setNotes}
          rows={5}
        />
        {put.error !== null && <Fault error={put.error} />}
        <div className={styles.formFoot}>
          <Button
            kind="danger"
            onPress={() =>
              remove.mutate(
                { params: { id: project }, query: { value } },
                { onSuccess: onClose, onError: sayFault },
              )
            }
          >
            Take out
          </Button>
          <Button kind="primary" type="submit" isDisabled={!isChanged || put.isPending}>
            Save
          </Button>
        </div>
      </form>
      <p className={styles.meta}>
        Added <Time at={artifact.addedAt} />, changed <Time at={artifact.updatedAt} />
      </p>
    </Drawer>
  );
}

function ReadOnly({
  artifact,
  onClose,
}: {
  readonly artifact: ProjectArtifact;
  readonly onClose: () => void;
}): ReactNode {
  const { type, value, status, reason, tags, notes, path, addedAt } = artifact;
  return (
    <Drawer title="Artifact" onClose={onClose}>
      <Value type={type} value={value} />
      <p>
        <Badge kind={status}>{status}</Badge>{' '}
        {tags.map((tag) => (
          <Badge key={tag}>
            <Inert isProse text={tag} clamp={40} />
          </Badge>
        ))}
      </p>
      {path.length > 0 && (
        <section>
          <h3>Path that led to it</h3>
          <PathSteps path={path} />
        </section>
      )}
      {reason !== '' && (
        <section>
          <h3>Reason</h3>
          <Inert isProse text={reason} />
        </section>
      )}
      {notes !== '' && (
        <section>
          <h3>Notes</h3>
          <Inert isProse text={notes} clamp={4_000} />
        </section>
      )}
      <p className={styles.meta}>
        Added <Time at={addedAt} />
      </p>
    </Drawer>
  );
}
