import { ARTIFACT_STATUSES, type Artifact } from '#model';
import { useState, type ReactNode } from 'react';
import { openDialog } from '../../app/dialogs.ts';
import { href } from '../../app/screens.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Button, Choices, Dialog, Select, TextField } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { say } from '../../design/toasts.tsx';
import { counted } from '../../value/time.tsx';
import { Value } from '../../value/value.tsx';
import styles from './project.module.css';

type Status = (typeof ARTIFACT_STATUSES)[number];
const LAST = 'adit.lastProject';
const CHOICES = ARTIFACT_STATUSES.map((id) => ({ id, name: `${id[0]!.toUpperCase()}${id.slice(1)}` }));

/** Puts artifacts into a project; the project that was last added to comes first. */
export function AddToProject(props: {
  readonly artifacts: readonly Artifact[];
  readonly onClose: () => void;
}): ReactNode {
  const projects = useApi('listProjects', {});
  const [chosen, setChosen] = useState<string | undefined>(() => sessionStorage.getItem(LAST) ?? undefined);
  const [status, setStatus] = useState<Status>('suspected');
  const [reason, setReason] = useState('');
  const put = useAction('putArtifact', ['getProject', 'listProjects', 'getArtifact', 'getHistory']);
  const all = projects.data?.projects ?? [];
  const project = all.find(({ id }) => id === chosen) ?? all[0];
  const add = async (): Promise<void> => {
    if (project === undefined) return;
    try {
      for (const artifact of props.artifacts)
        await put.mutateAsync({
          params: { id: project.id },
          body: { ...artifact, status, ...(reason.trim() !== '' && { reason: reason.trim() }) },
        });
    } catch {
      return; // shown in the dialog
    }
    sessionStorage.setItem(LAST, project.id);
    props.onClose();
    say(`${counted(props.artifacts.length, 'artifact')} added.`, {
      href: href('project', { id: project.id }),
      text: 'Open the project',
    });
  };
  return (
    <Dialog
      title="Add to project"
      onClose={props.onClose}
      onSubmit={() => void add()}
      submitLabel="Add"
      isBusy={put.isPending}
      isReady={project !== undefined}
    >
      <ul className={styles.list}>
        {props.artifacts.map(({ type, value }) => (
          <li key={value}>
            <Value type={type} value={value} isLink={false} />
          </li>
        ))}
      </ul>
      {projects.isPending && <Wait />}
      {projects.error !== null && <Fault error={projects.error} />}
      {all.length > 0 && (
        <Select
          label="Project"
          choices={all.map(({ id, name }) => ({ id, name }))}
          value={project?.id}
          onChange={setChosen}
        />
      )}
      {projects.data !== undefined && (
        <Button onPress={() => openDialog({ kind: 'new-project', artifacts: props.artifacts })}>
          {all.length === 0 ? 'Begin a project with it' : 'New project instead…'}
        </Button>
      )}
      <Choices label="Status" choices={CHOICES} value={status} onChange={setStatus} />
      <TextField
        label="Reason"
        hint="Why it belongs there; published with it."
        value={reason}
        onChange={setReason}
      />
      {put.error !== null && <Fault error={put.error} />}
    </Dialog>
  );
}
