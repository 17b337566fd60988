import { AditError } from '#model';
import type { AnswerContext, Answers } from '../answer.ts';

export function keyAnswers({
  workbench: { workspace },
}: AnswerContext): Pick<Answers, 'listKeys' | 'createKey' | 'revokeKey'> {
  const { keys } = workspace;
  return {
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

const keyJson = <Key extends { readonly createdAt: Date }>({ createdAt, ...key }: Key) => ({
  ...key,
  createdAt: createdAt.toISOString(),
});
