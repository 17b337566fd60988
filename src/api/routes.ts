import { accountRoutes } from './routes/accounts.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { brandRoutes } from './routes/brands.ts';
import { captureContentRoutes } from './routes/capture-contents.ts';
import { captureRoutes } from './routes/captures.ts';
import { compareRoutes } from './routes/compare.ts';
import { crawlRoutes } from './routes/crawls.ts';
import { importRoutes } from './routes/imports.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { liveRoutes } from './routes/live.ts';
import { lookalikeRoutes } from './routes/lookalikes.ts';
import { mailRoutes } from './routes/mails.ts';
import { projectRoutes } from './routes/projects.ts';
import { savedSearchRoutes } from './routes/saved-searches.ts';
import { searchRoutes } from './routes/search.ts';
import { sharingRoutes } from './routes/sharing.ts';
import { statusRoutes } from './routes/status.ts';

/** Every route of the API, below /api; one file a subject. */
export const ROUTES = {
  ...statusRoutes,
  ...captureRoutes,
  ...captureContentRoutes,
  ...compareRoutes,
  ...artifactRoutes,
  ...searchRoutes,
  ...savedSearchRoutes,
  ...projectRoutes,
  ...brandRoutes,
  ...lookalikeRoutes,
  ...crawlRoutes,
  ...importRoutes,
  ...mailRoutes,
  ...jobRoutes,
  ...keyRoutes,
  ...sharingRoutes,
  ...accountRoutes,
  ...liveRoutes,
} as const;

export type RouteId = keyof typeof ROUTES;
