import { defang, type Artifact, type Scope } from '#model';
import { mayNow } from '../account/session.ts';
import { navigate } from '../app/location.ts';
import { href } from '../app/screens.ts';
import { openDialog } from '../app/dialogs.ts';
import { call } from '../client/call.ts';
import { answers } from '../client/use-api.ts';
import { say, sayFault } from '../design/toasts.tsx';

/** What one may do with any value, from its menu or by its key. */
export interface ValueAction {
  readonly id: string;
  readonly title: string;
  readonly key?: string;
  readonly group: 'go' | 'keep' | 'copy';
  readonly fits?: (artifact: Artifact) => boolean;
  /** What one has to be allowed for it. */
  readonly scope?: Scope;
  readonly run: (artifact: Artifact, at?: Element) => void;
}

const isVisitable = ({ type }: Artifact): boolean =>
  type === 'host' || type === 'domain' || type === 'ip' || type === 'url';

export const ACTIONS: readonly ValueAction[] = [
  {
    id: 'pivot',
    title: 'Open its page',
    key: 'p',
    group: 'go',
    run: ({ value }) => navigate(href('artifact', {}, { value })),
  },
  {
    id: 'add',
    title: 'Add to project…',
    scope: 'write',
    key: 'a',
    group: 'keep',
    run: (artifact) => openDialog({ kind: 'add-to-project', artifacts: [artifact] }),
  },
  {
    id: 'tag',
    title: 'Tag…',
    scope: 'write',
    key: 't',
    group: 'keep',
    run: (artifact) => openDialog({ kind: 'tags', artifact }),
  },
  {
    id: 'capture',
    title: 'Capture now',
    scope: 'capture',
    key: 'c',
    group: 'keep',
    fits: isVisitable,
    run: (artifact) => void captureNow(artifact),
  },
  {
    id: 'copy',
    title: 'Copy',
    key: 'y',
    group: 'copy',
    run: ({ value }) => void copy(value),
  },
  {
    id: 'copy-defanged',
    title: 'Copy defanged',
    key: 'Y',
    group: 'copy',
    run: ({ value }) => void copy(defang(value)),
  },
];

/** Whether it is offered for a value: it fits, and whoever is at the screen may. */
export const isOffered = ({ fits, scope }: ValueAction, artifact: Artifact): boolean =>
  (fits?.(artifact) ?? true) && (scope === undefined || mayNow(scope));

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say('Copied.');
  } catch {
    say('The browser does not let this page use the clipboard.');
  }
}

async function captureNow({ type, value }: Artifact): Promise<void> {
  const host = value.includes(':') ? `[${value}]` : value;
  try {
    await call('requestCaptures', { body: { urls: [type === 'url' ? value : `https://${host}/`] } });
    await answers.invalidateQueries({ queryKey: ['listJobs'] });
    say('A virtual user is on the way there; the capture shows up by itself.', {
      href: href('crawls'),
      text: 'Watch',
    });
  } catch (error) {
    sayFault(error);
  }
}
