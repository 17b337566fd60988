import { AditError } from '#model';
import type { ApiKey } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';

export function keyAnswers({
  workbench: { workspace },
}: AnswerContext): Pick<Answers, 'listKeys' | 'createKey' | 'revokeKey'> {
  const { keys } = workspace;
  return {
    listKeys: async () => ({ keys: (await keys.list()).map(keyJson) }),
    createKey: async ({ body, caller }) => {
      const { key, secret } = await keys.create(body.name, body.scopes, caller.person.user);
      return { key: keyJson(key), secret };
    },
    revokeKey: async ({ params }) => {
      if (!(await keys.revoke(params.id)))
        throw new AditError('unknown-key', 'There is no such key, or it is revoked already.');
    },
  };
}

const keyJson = ({ id, name, owner, ownerName, scopes, createdAt, isRevoked }: ApiKey) => ({
  id,
  name,
  owner: { id: owner, name: ownerName },
  scopes,
  createdAt: createdAt.toISOString(),
  isRevoked,
});
