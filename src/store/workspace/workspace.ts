import { join } from 'node:path';
import { ApiKeys } from './api-keys.ts';
import { Brands } from './brands.ts';
import { ArtifactMarks } from './artifact-marks.ts';
import { Crawls } from './crawls.ts';
import { openDatabase, type Database } from './database.ts';
import { Imports } from './imports.ts';
import { migrate } from './migrations.ts';
import { Projects } from './projects.ts';
import { Queue } from './queue.ts';
import { SavedSearches } from './saved-searches.ts';
import { Sessions } from './sessions.ts';
import { Sharing } from './sharing.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { Users } from './users.ts';

/** What people and workers write: projects, marks, saved searches, brands, imports, API keys, the job queue. */
export interface Workspace extends AsyncDisposable {
  readonly kind: Database['kind'];
  readonly projects: Projects;
  readonly brands: Brands;
  readonly imports: Imports;
  readonly keys: ApiKeys;
  readonly queue: Queue;
  readonly crawls: Crawls;
  readonly marks: ArtifactMarks;
  readonly searches: SavedSearches;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly throttle: SignInThrottle;
  readonly sharing: Sharing;
}

/** Opens the workspace: PostgreSQL at `url`, else PGlite below `directory`, whose lock the caller holds. */
export async function openWorkspace(options: {
  readonly url?: string | undefined;
  readonly directory: string;
  readonly clock?: () => Date;
}): Promise<Workspace> {
  const database = await openDatabase({ url: options.url, directory: join(options.directory, 'workspace') });
  try {
    await migrate(database);
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  return {
    kind: database.kind,
    projects: new Projects(database, options.clock),
    brands: new Brands(database, options.clock),
    imports: new Imports(database, options.clock),
    keys: new ApiKeys(database),
    queue: new Queue(database, options.clock),
    crawls: new Crawls(database, options.clock),
    marks: new ArtifactMarks(database, options.clock),
    searches: new SavedSearches(database, options.clock),
    users: new Users(database, options.clock),
    sessions: new Sessions(database, options.clock),
    throttle: new SignInThrottle(database, options.clock),
    sharing: new Sharing(database, options.clock),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
