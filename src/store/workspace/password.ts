import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

export const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 256;

/** 32 MiB and some 0.2 s of a core for each attempt (one of OWASP's equal choices for scrypt). */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Attempts computed at a time: each takes memory and one of Node's few threads. */
const PARALLEL = 2;

/** What is kept of a password: the costs that it was hashed with, its salt, its hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Whether it is that password. Without a hash it takes as long and is false: an account’s absence does not show. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [kind, n, r, p, salt = '', key = ''] = (hash ?? NOBODY).split('$');
  if (kind !== 'scrypt') return false;
  const wanted = Buffer.from(key, 'base64');
  const given = await derive(password, Buffer.from(salt, 'base64'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return hash !== undefined && wanted.length === given.length && timingSafeEqual(wanted, given);
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(SALT_BYTES).toString('base64')}$`;

let running = 0;
const waiting: (() => void)[] = [];

async function derive(
  password: string,
  salt: Buffer,
  cost: Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>>,
): Promise<Buffer> {
  if (running >= PARALLEL) await new Promise<void>((turn) => waiting.push(turn));
  else running++;
  try {
    const options = { ...cost, maxmem: 256 * cost.N * cost.r };
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    // The place goes to who waits, or is free.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
