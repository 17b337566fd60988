import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { AditError } from '#model';

/** What is to be imported, as it was asked for. */
interface Named {
  readonly paths: readonly string[];
  readonly lists?: readonly string[] | undefined;
  readonly base?: string | undefined;
}

/**
 * Which files of this machine may be imported by those who come from elsewhere, by the app or an API key: only what lies in
 * these folders, links followed. The owner's own commands run as the owner, and may name whatever the owner may read.
 */
export class ImportFolders {
  readonly folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.folders = folders.map((folder) => resolve(folder));
  }

  /** The same request with whole paths. Throws `bad-path` where one lies elsewhere. */
  async confine<Request extends Named>(request: Request): Promise<Request & { readonly paths: string[] }> {
    if ((request.lists ?? []).length > 0 || request.base !== undefined)
      throw new AditError('bad-path', 'Lists of archives can name any file.', {
        advice: 'Name the archives or their folder, or import by `adit import` on the server.',
      });
    return { ...request, paths: await Promise.all(request.paths.map((path) => this.#confined(path))) };
  }

  async #confined(path: string): Promise<string> {
    const [first] = this.folders;
    const whole = isAbsolute(path) || first === undefined ? path : resolve(first, path);
    const real = await realOf(whole);
    for (const folder of this.folders) {
      const within = await realOf(folder);
      if (real !== undefined && (real === within || real.startsWith(`${within}${sep}`))) return real;
    }
    // The same whether it exists or not: what else lies on this machine is not theirs to know.
    throw new AditError('bad-path', `“${path.slice(0, 200)}” is nothing in a folder for imports.`, {
      advice:
        first === undefined
          ? 'Import by `adit import` on the server, or give it a folder: adit serve --imports DIR.'
          : `Put the archives below ${first} on the server.`,
    });
  }
}

const realOf = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
