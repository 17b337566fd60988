/** Hashing bytes is the server's work: nothing in the app calls this, and a build drops it. */
export function createHash(): never {
  throw new Error('no hashing in the browser');
}

export function hash(): never {
  throw new Error('no hashing in the browser');
}
