import type { Artifact } from '#model';
import { useState, type ReactNode } from 'react';
import { useAction, useApi } from '../../client/use-api.ts';
import { Dialog, TextField } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { say } from '../../design/toasts.tsx';
import { Value } from '../../value/value.tsx';

/** What everybody here has tagged an artifact with, to be changed. */
export function TagDialog(props: { readonly artifact: Artifact; readonly onClose: () => void }): ReactNode {
  const { artifact, onClose } = props;
  const mark = useApi('getMark', { query: { value: artifact.value } });
  const [typed, setTyped] = useState<string>();
  const put = useAction('putMark', ['getArtifact', 'getMark', 'search']);
  const text = typed ?? mark.data?.tags.join(', ') ?? '';
  const tags = text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const save = (): void =>
    put.mutate(
      { body: { value: artifact.value, tags } },
      {
        onSuccess: () => {
          say('Tagged.');
          onClose();
        },
      },
    );
  return (
    <Dialog title="Tags" onClose={onClose} isBusy={put.isPending} isReady={mark.isSuccess} onSubmit={save}>
      <Value {...artifact} isLink={false} />
      {mark.isPending && <Wait />}
      {mark.error !== null && <Fault error={mark.error} />}
      {mark.isSuccess && (
        <TextField
          label="Tags"
          hint="Separated by commas. Everybody here sees them."
          value={text}
          onChange={setTyped}
          autoFocus
        />
      )}
      {put.error !== null && <Fault error={put.error} />}
    </Dialog>
  );
}
