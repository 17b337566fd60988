import { findLinks, readMail, type MailReading } from '#extract';
import {
  namesIn,
  recognise,
  search,
  SEARCH_FIELDS,
  suggest,
  type GivenNames,
  type Marked,
  type NamedArtifact,
} from '#investigate';
import { hostArtifact, parseArtifact, type Artifact, type Project } from '#model';
import { matchKeyOf, type Workspace } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { ProjectAccess } from '../project-access.ts';

export function searchAnswers({
  workbench: { store, workspace },
  access,
}: AnswerContext): Pick<Answers, 'search' | 'listFields' | 'suggest' | 'recognise'> {
  return {
    search: async ({ query, caller }) => {
      const page = await search(store, {
        ...query,
        marked: markedOf(workspace, () => access.list(caller)),
      });
      const marks = await workspace.marks.ofKeys(page.hits.map(({ artifact }) => matchKeyOf(artifact)));
      return {
        ...page,
        hits: page.hits.map((hit) => {
          const mark = marks.get(matchKeyOf(hit.artifact));
          return {
            ...hit,
            ...(mark !== undefined && { classification: mark.classification }),
            tags: mark?.tags ?? [],
          };
        }),
      };
    },
    listFields: async () => ({
      fields: SEARCH_FIELDS.map((field) => ({
        name: field.name,
        kind: field.kind,
        text: field.text,
        ...(field.kind === 'edge' && { dataset: field.dataset }),
        ...(field.values !== undefined && { values: field.values }),
      })),
    }),
    suggest: async ({ query, caller }) => ({
      suggestions: await suggest(store, givenNamesOf(workspace, access, caller), query),
    }),
    recognise: async ({ body: { text } }) => {
      const mail = /^[\w-]+:/.test(text) ? await readMail(Buffer.from(text)) : undefined;
      if (mail?.kind === 'mail') {
        const named = namesInMail(mail);
        const known = await recognise(store, text, named);
        return {
          kind: 'mail',
          artifacts: known.map(({ start, written: _written, end: _end, ...each }) => ({
            ...each,
            where: mail.mentions[start]?.part ?? 'header',
          })),
          limits: mail.limits,
        };
      }
      const links = findLinks(text).map(({ url, host, start, end }): NamedArtifact => ({
        artifact: url === undefined ? hostArtifact(host) : { type: 'url', value: url },
        start,
        end,
      }));
      return { kind: 'text', artifacts: await recognise(store, text, namesIn(text, links)), limits: [] };
    },
  };
}

/** In place of offsets, the number of the mention; of senders, none. */
function namesInMail({
  message,
  mentions,
  attachments,
}: MailReading & { readonly kind: 'mail' }): NamedArtifact[] {
  const senders = [message.from, message.replyTo, message.returnPath].flatMap((address): Artifact[] => {
    const artifact = address === undefined ? undefined : parseArtifact(address);
    return artifact?.type === 'mail' ? [artifact] : [];
  });
  const at = (artifact: Artifact, start: number): NamedArtifact => ({ artifact, start, end: start });
  return [
    ...senders.map((artifact) => at(artifact, -1)),
    ...mentions.map(({ url, host }, index) =>
      at(url === undefined ? hostArtifact(host) : { type: 'url', value: url }, index),
    ),
    ...attachments.map(({ sha256 }) => at({ type: 'hash', value: sha256 }, -1)),
  ];
}

/** Artifacts by what people said of them. */
function markedOf({ marks, projects }: Workspace, visible: () => Promise<readonly Project[]>): Marked {
  const inProjects = async (
    isMeant: (project: { readonly name: string; readonly id: string }) => boolean,
    status: string | undefined,
    limit: number,
  ): Promise<Artifact[]> => {
    const found: Artifact[] = [];
    for (const project of (await visible()).filter(isMeant)) {
      for (const artifact of await projects.artifacts(project.id))
        if (status === undefined || artifact.status === status) found.push(artifact);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  };
  return {
    find: async (by, value, limit) => {
      switch (by) {
        case 'tag':
          return marks.tagged(value, limit);
        case 'class':
          return marks.classified(value, limit);
        case 'project':
          return inProjects(
            ({ name, id }) => name.toLowerCase() === value.toLowerCase() || id === value,
            undefined,
            limit,
          );
        case 'status':
          return inProjects(() => true, value.toLowerCase(), limit);
      }
    },
  };
}

/** What the owner of a saved search may know of what people say: for monitors, which no caller asks for. */
export function markedFor(workspace: Workspace): (owner: string) => Marked {
  const access = new ProjectAccess(workspace);
  return (owner) => markedOf(workspace, () => access.listOf(owner));
}

function givenNamesOf({ searches, marks }: Workspace, access: ProjectAccess, caller: Caller): GivenNames {
  return {
    searches: async (start, limit) =>
      start === ''
        ? []
        : (await searches.startingWith(caller.person.user!, start, limit)).map(({ name, query }) => ({
            name,
            query,
          })),
    projects: async (start, limit) =>
      (await access.list(caller))
        .filter(({ name }) => name.toLowerCase().startsWith(start.toLowerCase()))
        .slice(0, limit)
        .map(({ name }) => name),
    tags: (start, limit) => marks.tags(start, limit),
  };
}
