import { createHash, randomBytes } from 'node:crypto';

/** A secret of 256 random bits. Only its hash is ever kept: so many bits need no slow one. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
