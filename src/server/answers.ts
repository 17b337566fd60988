import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RouteId, ROUTES } from '#api';
import { openBundle } from '#archive';
import { extractObservations, openEvidence } from '#extract';
import { expand, lifeSpan, pivot, pivotValue, summarize } from '#investigate';
import {
  AditError,
  parseArtifact,
  parseHost,
  type Artifact,
  type ArtifactStatus,
  type Host,
  type Project,
  type ProjectArtifact,
} from '#model';
import { enqueueCaptures, type Workbench } from '#pipeline';
import { toCsv, toJson, toMarkdown, toStix, type Publication, type PublishedArtifact } from '#publish';
import type { Job, StoredCapture } from '#store';
import type { z } from 'zod';

/** What an answer is given: parsed and valid. */
type Input<Id extends RouteId> = {
  readonly [Part in 'params' | 'query' | 'body']: (typeof ROUTES)[Id] extends {
    readonly [P in Part]: infer Schema extends z.ZodType;
  }
    ? z.output<Schema>
    : undefined;
} & { readonly actor: string };

/** An answer that is no JSON. */
export class FileAnswer {
  readonly mediaType: string;
  readonly name: string;
  readonly content: string | { readonly path: string; readonly sizeBytes: number };

  constructor(mediaType: string, name: string, content: FileAnswer['content']) {
    this.mediaType = mediaType;
    this.name = name;
    this.content = content;
  }

  stream() {
    return typeof this.content === 'string' ? this.content : createReadStream(this.content.path);
  }
}

export type Answers = { readonly [Id in RouteId]: (input: Input<Id>) => Promise<unknown> };

/** What each route does, by the parts behind it. */
export function answersOf(
  workbench: Workbench,
  about: { readonly version: string; readonly startedAt: Date },
): Answers {
  const { store, workspace } = workbench;
  const { projects, queue, keys } = workspace;
  const captureOf = async (id: string): Promise<StoredCapture> => {
    const capture = await store.capture(id);
    if (capture === undefined) throw new AditError('unknown-capture', `There is no capture ${id}.`);
    return capture;
  };
  /** With when the store saw each first and last, one after another: a project holds hundreds, not millions. */
  const withLifeSpans = async (artifacts: readonly ProjectArtifact[]): Promise<PublishedArtifact[]> => {
    const seen: PublishedArtifact[] = [];
    for (const artifact of artifacts) {
      const { firstSeen, lastSeen } = lifeSpan(await store.counts(artifact.value));
      seen.push({ ...artifact, firstSeen, lastSeen });
    }
    return seen;
  };
  const jobOf = async (id: number) => {
    const job = await queue.job(id);
    if (job === undefined) throw new AditError('unknown-job', `There is no job ${id}.`);
    return job;
  };
  return {
    status: async () => ({
      version: about.version,
      startedAt: about.startedAt.toISOString(),
      observations: await store.status(),
      workspace: workspace.kind,
      jobs: await queue.counts(),
    }),
    requestCaptures: async ({ body }) => {
      const { urls, priority, everySeconds, ...how } = body;
      const jobs = urls.map((url) => ({ url, ...how }));
      return { jobs: await enqueueCaptures(workbench, jobs, { priority, everySeconds }) };
    },
    listCaptures: async ({ query }) => ({
      captures: await store.captures({
        ...query,
        host: query.host === undefined ? undefined : hostOf(query.host),
      }),
    }),
    getCapture: ({ params }) => captureOf(params.id),
    getCaptureObservations: async ({ params, query }) => {
      await using bundle = await openBundle(await workbench.bundleOf(await captureOf(params.id)));
      const { observations } = extractObservations(bundle);
      return {
        observations: observations.filter(
          ({ dataset }) => query.dataset === undefined || dataset === query.dataset,
        ),
      };
    },
    getBundle: async ({ params }) => {
      const path = await workbench.bundleOf(await captureOf(params.id));
      const { size } = await stat(path);
      return new FileAnswer('application/wacz+zip', `${params.id}.wacz`, { path, sizeBytes: size });
    },
    getEvidence: async ({ params, query }) => {
      await using bundle = await openBundle(await workbench.bundleOf(await captureOf(params.id)));
      const observation = extractObservations(bundle).observations.find(
        ({ dataset, source, label, target }) =>
          dataset === query.dataset &&
          source === query.source &&
          label === query.label &&
          target === query.target,
      );
      if (observation === undefined)
        throw new AditError('unknown-edge', 'The capture shows no such observation.');
      return { observation, captureId: params.id, ...openEvidence(bundle, observation) };
    },
    getArtifact: ({ query }) => summarize(store, artifactOf(query.value)),
    pivot: ({ query }) => {
      const { label, foreignTo, value, ...rest } = query;
      return pivot(store, {
        ...rest,
        value: pivotValue(rest.dataset, rest.direction, value),
        labels: label === undefined ? undefined : [label].flat(),
        foreignTo: foreignTo === undefined ? undefined : [foreignTo].flat().map(hostOf),
      });
    },
    listProjects: async () => ({ projects: (await projects.list()).map(projectJson) }),
    createProject: async ({ body, actor }) =>
      projectJson(await projects.create(body.name, body.description ?? '', actor)),
    getProject: async ({ params }) => {
      const project = await projects.find(params.id);
      return { ...projectJson(project), artifacts: (await projects.artifacts(project.id)).map(artifactJson) };
    },
    deleteProject: async ({ params }) => {
      const { id } = await projects.find(params.id);
      await projects.delete(id);
    },
    putArtifact: async ({ params, body, actor }) => {
      const { id } = await projects.find(params.id);
      const { type, value, ...rest } = body;
      const artifact = type === undefined ? artifactOf(value) : { type, value };
      return artifactJson(await projects.set(id, { ...artifact, ...rest }, actor));
    },
    removeArtifact: async ({ params, query, actor }) => {
      const { id } = await projects.find(params.id);
      const removed = await projects.remove(id, [query.value, artifactOf(query.value).value], actor);
      if (removed === 0) throw new AditError('not-found', 'The project holds no such artifact.');
    },
    getHistory: async ({ params, query }) => {
      const { id } = await projects.find(params.id);
      return {
        history: (await projects.history(id, query.limit)).map(({ at, ...entry }) => ({
          at: at.toISOString(),
          ...entry,
        })),
      };
    },
    expandProject: async ({ params, body }) => {
      const { id } = await projects.find(params.id);
      const held = await projects.artifacts(id);
      const hostsOf = (status: ArtifactStatus): Host[] =>
        held.filter((artifact) => artifact.status === status).flatMap(({ value }) => parseHost(value) ?? []);
      return expand(store, {
        confirmed: hostsOf('confirmed'),
        dismissed: hostsOf('dismissed'),
        owned: (body.owned ?? []).map(hostOf),
        commonAbove: body.commonAbove,
        limit: body.limit,
      });
    },
    expand: ({ body: { confirmed, dismissed = [], owned = [], ...rest } }) =>
      expand(store, {
        ...rest,
        confirmed: confirmed.map(hostOf),
        dismissed: dismissed.map(hostOf),
        owned: owned.map(hostOf),
      }),
    exportProject: async ({ params, query }) => {
      const project = await projects.find(params.id);
      const statuses = query.status === undefined ? undefined : [query.status].flat();
      return exportAs(query.format, {
        project,
        artifacts: await withLifeSpans(await projects.artifacts(project.id)),
        publishedAt: new Date(),
        statuses,
      });
    },
    listJobs: async ({ query }) => ({
      jobs: (await queue.jobs(query.state, query.limit)).map(jobJson),
      counts: await queue.counts(),
    }),
    getJob: async ({ params }) => jobJson(await jobOf(params.id)),
    retryJob: async ({ params }) => {
      await jobOf(params.id);
      if (!(await queue.retry(params.id)))
        throw new AditError('job-not-dead', 'Only a dead job can be queued again.');
      return jobJson(await jobOf(params.id));
    },
    listKeys: async () => ({ keys: (await keys.list()).map(keyJson) }),
    createKey: async ({ body }) => {
      const { key, secret } = await keys.create(body.name, body.scopes);
      return { key: keyJson(key), secret };
    },
    revokeKey: async ({ params }) => {
      if (!(await keys.revoke(params.id)))
        throw new AditError('unknown-key', 'There is no such key, or it is revoked already.');
    },
  };
}

/** The project in one of the formats, with its file name. */
function exportAs(format: 'json' | 'csv' | 'stix' | 'markdown', publication: Publication): FileAnswer {
  switch (format) {
    case 'json':
      return new FileAnswer(
        'application/json',
        'project.json',
        JSON.stringify(toJson(publication), undefined, 2),
      );
    case 'stix':
      return new FileAnswer(
        'application/stix+json;version=2.1',
        'project.stix.json',
        JSON.stringify(toStix(publication), undefined, 2),
      );
    case 'csv':
      return new FileAnswer('text/csv; charset=utf-8', 'project.csv', toCsv(publication));
    case 'markdown':
      return new FileAnswer('text/markdown; charset=utf-8', 'project.md', toMarkdown(publication));
  }
}

function artifactOf(text: string): Artifact {
  const artifact = parseArtifact(text);
  if (artifact === undefined) throw new AditError('bad-artifact', 'There is nothing to look up.');
  return artifact;
}

function hostOf(text: string): Host {
  const host = parseHost(text);
  if (host === undefined) throw new AditError('bad-host', `“${text.slice(0, 100)}” is no host name.`);
  return host;
}

const projectJson = ({ createdAt, updatedAt, ...project }: Project) => ({
  ...project,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
const artifactJson = ({ addedAt, updatedAt, ...artifact }: ProjectArtifact) => ({
  ...artifact,
  addedAt: addedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
const keyJson = <Key extends { readonly createdAt: Date }>({ createdAt, ...key }: Key) => ({
  ...key,
  createdAt: createdAt.toISOString(),
});

function jobJson({ runAt, createdAt, finishedAt, ...job }: Job) {
  return {
    ...job,
    runAt: runAt.toISOString(),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString(),
  };
}
