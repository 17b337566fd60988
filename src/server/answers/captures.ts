import { stat } from 'node:fs/promises';
import { openEvidence } from '#extract';
import { AditError, type Observation } from '#model';
import { enqueueCaptures, PERSONAS } from '#pipeline';
import { captureOf, FileAnswer, hostOf, type AnswerContext, type Answers } from '../answer.ts';
import { placeOf } from '../capture/capture-texts.ts';
import { downloadsZip } from '../capture/downloads-zip.ts';

export function captureAnswers({
  workbench,
  captures,
}: AnswerContext): Pick<
  Answers,
  | 'listPersonas'
  | 'requestCaptures'
  | 'getDownloads'
  | 'listCaptures'
  | 'getCapture'
  | 'getCaptureObservations'
  | 'getBundle'
  | 'getEvidence'
> {
  const { store } = workbench;
  return {
    listPersonas: async () => ({
      personas: PERSONAS.map(({ id, title, viewport }) => ({ id, title, isMobile: viewport.isMobile })),
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
    getCapture: async ({ params, caller }) => {
      const capture = await captureOf(workbench, params.id);
      return caller.isGuest ? { ...capture, bundle: '' } : capture; // where it lies is not theirs to know
    },
    getCaptureObservations: async ({ params, query }) => {
      const path = await workbench.bundleOf(await captureOf(workbench, params.id));
      return captures.with(path, ({ observations }) => ({
        observations: observations.filter(
          ({ dataset }) => query.dataset === undefined || dataset === query.dataset,
        ),
      }));
    },
    getBundle: async ({ params }) => {
      const path = await workbench.bundleOf(await captureOf(workbench, params.id));
      const { size } = await stat(path);
      return new FileAnswer('application/wacz+zip', `${params.id}.wacz`, { path, sizeBytes: size });
    },
    getDownloads: async ({ params, query }) => {
      const path = await workbench.bundleOf(await captureOf(workbench, params.id));
      const zip = await captures.with(path, ({ bundle }) =>
        downloadsZip(bundle, query.sha256?.toLowerCase()),
      );
      return new FileAnswer('application/zip', `${params.id}-downloads.zip`, zip);
    },
    getEvidence: ({ params, query }) => captureEvidence({ workbench, captures }, params.id, query),
  };
}

/** The line or exchange behind an observation of a capture; throws `unknown-edge` where it shows none such. */
export async function captureEvidence(
  { workbench, captures }: Pick<AnswerContext, 'workbench' | 'captures'>,
  captureId: string,
  edge: Pick<Observation, 'dataset' | 'source' | 'label' | 'target'>,
) {
  const path = await workbench.bundleOf(await captureOf(workbench, captureId));
  return captures.with(path, ({ bundle, observations }) => {
    const observation = observations.find(
      ({ dataset, source, label, target }) =>
        dataset === edge.dataset && source === edge.source && label === edge.label && target === edge.target,
    );
    if (observation === undefined)
      throw new AditError('unknown-edge', 'The capture shows no such observation.');
    const place = placeOf(observation.evidence);
    return { observation, captureId, place, ...openEvidence(bundle, observation) };
  });
}
