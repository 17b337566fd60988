import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useAction } from '../../client/use-api.ts';
import { Badge, Button, Panel, TextField } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { Inert } from '../../value/value.tsx';
import type { OpenProject } from './project-screen.tsx';
import styles from './project.module.css';

const Markdown = lazy(async () => ({ default: (await import('../../value/markdown.tsx')).Markdown }));

/** What people write of a project: description, tags, and notes in Markdown. */
export function Notes({ project }: { readonly project: OpenProject }): ReactNode {
  const [isEditing, setEditing] = useState(false);
  const mayWrite = project.may !== 'read';
  if (isEditing) return <Editor project={project} onEnd={() => setEditing(false)} />;
  const edit = (
    <Button kind="primary" onPress={() => setEditing(true)}>
      {project.notes === '' ? 'Write notes' : 'Edit'}
    </Button>
  );
  if (project.notes === '')
    return (
      <Empty title="No notes yet" actions={mayWrite && edit}>
        What you found out, what is open, what to tell others. Markdown; it goes into the report.
      </Empty>
    );
  return (
    <Panel title="Notes" actions={mayWrite && edit}>
      <Suspense fallback={<Wait />}>
        <Markdown text={project.notes} />
      </Suspense>
      {project.tags.length > 0 && (
        <p className={styles.tags}>
          {project.tags.map((tag) => (
            <Badge key={tag}>
              <Inert isProse text={tag} clamp={40} />
            </Badge>
          ))}
        </p>
      )}
    </Panel>
  );
}

function Editor({
  project,
  onEnd,
}: {
  readonly project: OpenProject;
  readonly onEnd: () => void;
}): ReactNode {
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const [notes, setNotes] = useState(project.notes);
  const [tags, setTags] = useState(project.tags.join(', '));
  const change = useAction('changeProject', ['getProject', 'listProjects', 'getHistory']);
  return (
    <Panel title="About the project">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            {
              params: { id: project.id },
              body: {
                name: name.trim(),
                description,
                notes,
                tags: tags
                  .split(',')
                  .map((tag) => tag.trim())
                  .filter((tag) => tag !== ''),
              },
            },
            { onSuccess: onEnd },
          );
        }}
      >
        <TextField label="Name" value={name} onChange={setName} isRequired />
        <TextField label="Description" rows={2} value={description} onChange={setDescription} />
        <TextField label="Tags" hint="Separated by commas." value={tags} onChange={setTags} />
        <TextField label="Notes" hint="Markdown." rows={14} value={notes} onChange={setNotes} autoFocus />
        {change.error !== null && <Fault error={change.error} />}
        <div className={styles.formFoot}>
          <Button kind="quiet" onPress={onEnd}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" isDisabled={change.isPending || name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Panel>
  );
}
