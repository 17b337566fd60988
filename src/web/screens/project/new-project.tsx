import type { Artifact } from '#model';
import { useState, type ReactNode } from 'react';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { call, type ApiError } from '../../client/call.ts';
import { useAction } from '../../client/use-api.ts';
import { Dialog, TextField } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { sayFault } from '../../design/toasts.tsx';

/** Begins a project, with artifacts in it where it was asked for from some. */
export function NewProject(props: {
  readonly artifacts: readonly Artifact[];
  readonly onClose: () => void;
}): ReactNode {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const create = useAction('createProject', ['listProjects']);
  const begin = async (): Promise<void> => {
    let id: string;
    try {
      ({ id } = await create.mutateAsync({ body: { name: name.trim(), description } }));
    } catch {
      return; // shown in the dialog
    }
    try {
      for (const artifact of props.artifacts)
        await call('putArtifact', { params: { id }, body: { ...artifact, status: 'suspected' } });
    } catch (error) {
      sayFault(error);
    }
    props.onClose();
    navigate(href('project', { id }));
  };
  return (
    <Dialog
      title="New project"
      onClose={props.onClose}
      onSubmit={() => void begin()}
      submitLabel="Begin"
      isBusy={create.isPending}
      isReady={name.trim() !== ''}
    >
      <TextField label="Name" value={name} onChange={setName} autoFocus isRequired />
      <TextField
        label="Description"
        hint="What it is about; Markdown."
        rows={4}
        value={description}
        onChange={setDescription}
      />
      {create.error !== null && <Fault error={create.error satisfies ApiError} />}
    </Dialog>
  );
}
