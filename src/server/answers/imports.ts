import { isAbsolute } from 'node:path';
import { readExchangeAt, splitName, toArchivedPage } from '#archive';
import { openEvidence } from '#extract';
import { AditError, type Observation } from '#model';
import type { Workbench } from '#pipeline';
import type { Edge, ImportedFile, StoredImport } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';
import { captureEvidence } from './captures.ts';

const DEFAULT_PAGE = 100;
/** Files of a page: each may come with a thousand problems. */
const MAX_FILES = 200;
const MAX_DECODED_BYTES = 32 * 1024 * 1024;

export function importAnswers({
  workbench,
  captures,
  importFolders,
}: AnswerContext): Pick<
  Answers,
  'startImport' | 'listImports' | 'getImport' | 'listImportFiles' | 'stopImport' | 'getEdgeEvidence'
> {
  const { imports } = workbench.workspace;
  const importOf = async (id: string) => {
    const found = await imports.get(id);
    if (found === undefined) throw new AditError('unknown-import', `There is no import ${id}.`);
    return importJson(found, workbench);
  };
  return {
    startImport: async ({ body, caller }) => {
      if (caller.via !== 'local')
        return importOf(await workbench.imports.start(await importFolders.confine(body)));
      const { paths, lists = [], base } = body;
      for (const path of [...paths, ...lists, ...(base === undefined ? [] : [base])])
        if (!isAbsolute(path))
          throw new AditError('bad-path', `“${path.slice(0, 200)}” is no absolute path.`, {
            advice: 'Paths are those of the machine that the server runs on.',
          });
      return importOf(await workbench.imports.start(body));
    },
    listImports: async ({ query, caller }) => ({
      imports: (await imports.list(query.limit ?? DEFAULT_PAGE)).map((each) => importJson(each, workbench)),
      ...(caller.scopes.includes('admin') && { folders: importFolders.folders }),
    }),
    getImport: ({ params }) => importOf(params.id),
    listImportFiles: async ({ params, query }) => {
      await importOf(params.id);
      const limit = Math.min(query.limit ?? DEFAULT_PAGE, MAX_FILES);
      const files = await imports.files(params.id, {
        limit,
        ...(query.skip !== undefined && { after: query.skip - 1 }),
      });
      return { files: files.map(fileJson) };
    },
    stopImport: async ({ params }) => {
      await importOf(params.id);
      workbench.imports.stop(params.id);
      return importOf(params.id);
    },
    getEdgeEvidence: async ({ query }) => {
      const { dataset, source, label, target } = query;
      const { edges } = await workbench.store.edges({
        dataset,
        direction: 'forward',
        value: source,
        withSubdomains: false,
        other: target,
        labels: [label],
      });
      const edge = edges.find((each) => each.label === label);
      if (edge === undefined) throw new AditError('unknown-edge', 'There is no such edge.');
      if (edge.captureId !== undefined)
        return captureEvidence({ workbench, captures }, edge.captureId, query);
      if (edge.evidence.mail !== undefined) return mailEvidence(edge, edge.evidence.mail);
      if (edge.evidence.archive === undefined)
        throw new AditError('no-evidence', 'This edge comes from no capture, no archive and no mail.');
      return archiveEvidence(workbench, edge, edge.evidence.archive);
    },
  };
}

/** What stood around the name in the mail: that is kept, the mail is not. */
function mailEvidence(edge: Edge, { snippet, ...mail }: NonNullable<Edge['evidence']['mail']>) {
  return { observation: toObservation(edge), kind: 'mail', text: snippet, mail } as const;
}

/** The record of an archive that showed an edge last. Only archives that were imported are opened. */
async function archiveEvidence(
  workbench: Workbench,
  edge: Edge,
  archive: NonNullable<Edge['evidence']['archive']>,
) {
  const [named] = splitName(archive.file);
  const { exchange, faults } = readExchangeAt(archive, await workbench.imports.placeOf(named));
  const { reader } = toArchivedPage({ exchanges: [exchange], page: exchange }, MAX_DECODED_BYTES);
  const observation = toObservation({ ...edge, evidence: { ...edge.evidence, exchange: 0 } });
  const { text: head } = openEvidence(reader, { ...observation, evidence: { exchange: 0 } });
  return { observation, archive, faults, head, ...openEvidence(reader, observation) };
}

function toObservation({ dataset, source, label, target, detail, lastSeen, evidence }: Edge): Observation {
  return { dataset, source, label, target, detail, seenAt: lastSeen, evidence };
}

function importJson({ createdAt, finishedAt, totals, error, ...row }: StoredImport, { imports }: Workbench) {
  return {
    ...row,
    totals: totals ?? undefined,
    error: error ?? undefined,
    progress: imports.progress(row.id),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString(),
  };
}

function fileJson({ report, modifiedMs: _modifiedMs, ...file }: ImportedFile) {
  return { ...(report as object | undefined), ...file }; // a FileReport, as it was noted
}
