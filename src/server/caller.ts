import { timingSafeEqual } from 'node:crypto';
import { AditError, SCOPES, type Scope } from '#model';
import type { Workbench } from '#pipeline';

/** Who asks, as far as their key says. */
export interface Caller {
  readonly actor: string;
  readonly scopes: readonly Scope[];
}

/** The caller behind an Authorization header; throws `not-authenticated` where it holds no valid key. */
export async function callerOf(
  authorization: string | undefined,
  { workbench, localKey }: { readonly workbench: Workbench; readonly localKey: string },
): Promise<Caller> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (secret !== undefined && isSame(secret, localKey)) return { actor: 'local', scopes: SCOPES };
  const key = secret === undefined ? undefined : await workbench.workspace.keys.check(secret);
  if (key === undefined)
    throw new AditError('not-authenticated', 'A valid API key is needed.', {
      advice: 'Send it as: Authorization: Bearer KEY',
    });
  return { actor: key.name, scopes: key.scopes };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
