import { lazy, Suspense, useSyncExternalStore, type ReactNode } from 'react';
import { closeDialog, readDialog, subscribeToDialog } from './dialogs.ts';
import { ShortcutHelp } from './shortcut-help.tsx';

const AddToProject = lazy(async () => ({
  default: (await import('../screens/project/add-to-project.tsx')).AddToProject,
}));
const NewProject = lazy(async () => ({
  default: (await import('../screens/project/new-project.tsx')).NewProject,
}));
const TagDialog = lazy(async () => ({
  default: (await import('../screens/artifact/tag-dialog.tsx')).TagDialog,
}));

/** Shows the dialog that a screen asked for. Once in the frame. */
export function DialogHost(): ReactNode {
  const open = useSyncExternalStore(subscribeToDialog, readDialog);
  if (open === undefined) return null;
  return (
    <Suspense fallback={null}>
      {open.kind === 'shortcuts' && <ShortcutHelp onClose={closeDialog} />}
      {open.kind === 'add-to-project' && <AddToProject artifacts={open.artifacts} onClose={closeDialog} />}
      {open.kind === 'new-project' && <NewProject artifacts={open.artifacts ?? []} onClose={closeDialog} />}
      {open.kind === 'tags' && <TagDialog artifact={open.artifact} onClose={closeDialog} />}
    </Suspense>
  );
}
