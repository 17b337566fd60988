import {
  AditError,
  includesRight,
  isWithin,
  hostOfUrl,
  parseHost,
  projectRight,
  type MemberRight,
  type Project,
  type ProjectRight,
} from '#model';
import { oneProject, type StoredCapture, type Workspace } from '#store';
import type { Caller } from './caller.ts';

/** A project with what the caller may do in it. */
export interface OpenProject extends Project {
  readonly may: ProjectRight;
}

/** The one place that says which projects, and for guests which captures, a caller may see. */
export class ProjectAccess {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** What the caller may see, the last changed first. */
  async list(caller: Pick<Caller, 'person'>): Promise<OpenProject[]> {
    const memberships = await this.#memberships(caller);
    return (await this.#workspace.projects.list()).flatMap((project) => open(project, caller, memberships));
  }

  /** What an account may see, without anybody asking for it; nothing where it is gone. */
  async listOf(user: string): Promise<OpenProject[]> {
    const account = (await this.#workspace.users.list()).find(({ id }) => id === user);
    if (account === undefined) return [];
    return this.list({ person: { user, role: account.role, linkedProject: undefined } });
  }

  /**
   * By id, or by name where one that the caller may see has it. What may not be read is not there (`unknown-project`);
   * throws `right-missing` where it may be read and no more.
   */
  async find(caller: Caller, idOrName: string, needed: ProjectRight): Promise<OpenProject> {
    const memberships = await this.#memberships(caller);
    const visible = (await this.#workspace.projects.lookup(idOrName)).flatMap((project) =>
      open(project, caller, memberships),
    );
    const found = oneProject(visible, idOrName);
    const project = visible.find(({ id }) => id === found.id)!; // it is one of them
    if (includesRight(project.may, needed)) return project;
    throw new AditError(
      'right-missing',
      `You may ${project.may} this project; this needs the right to ${needed} it.`,
      {
        advice: 'Ask its owner.',
      },
    );
  }

  async mayRead(caller: Caller, project: string): Promise<boolean> {
    try {
      await this.find(caller, project, 'read');
      return true;
    } catch (error) {
      if (error instanceof AditError && error.code === 'unknown-project') return false;
      throw error;
    }
  }

  /** Throws `unknown-capture` where a guest may not see it: it is of no artifact in a project that is open to them. */
  async checkCapture(caller: Caller, capture: StoredCapture): Promise<void> {
    if (!caller.isGuest) return;
    for (const { id } of await this.list(caller)) if (await this.holds(id, capture)) return;
    throw new AditError('unknown-capture', `There is no capture ${capture.id}.`);
  }

  /** Whether the capture is of a host, or of an address, that the project holds and did not dismiss. */
  async holds(project: string, { url, finalUrl }: StoredCapture): Promise<boolean> {
    const addresses = [url, finalUrl].filter((address) => address !== undefined);
    const hosts = addresses.flatMap((address) => hostOfUrl(address) ?? []);
    return (await this.#workspace.projects.artifacts(project)).some(({ status, type, value }) => {
      if (status === 'dismissed') return false;
      if (type === 'url') return addresses.includes(value);
      const of = type === 'host' || type === 'domain' || type === 'ip' ? parseHost(value) : undefined;
      return of !== undefined && hosts.some((host) => isWithin(host, of));
    });
  }

  async #memberships({ person }: Pick<Caller, 'person'>): Promise<ReadonlyMap<string, MemberRight>> {
    return person.user === undefined ? new Map() : this.#workspace.sharing.memberships(person.user);
  }
}

function open(
  project: Project,
  { person }: Pick<Caller, 'person'>,
  memberships: ReadonlyMap<string, MemberRight>,
): OpenProject[] {
  const may = projectRight(project, person, memberships.get(project.id));
  return may === undefined ? [] : [{ ...project, may }];
}
