import { cellAt, multiply, setCell } from './bytes.ts';
import { mix } from './names.ts';

/**
 * Puts members into a sketch: each run of hashes that ends with one of `count` in a list is mixed into one; of those that
 * fall into a bucket the smallest is kept. The number of buckets is a power of two up to 128. `runs-simd.as` does the same
 * in WebAssembly, four runs at a time.
 */
export function putRuns(list: i32, count: i32, run: i32, sketch: i32, buckets: i32): void {
  for (let last = 0; last < count; last++) {
    const at = list + last * 4;
    let member = cellAt(at - (run - 1) * 4);
    for (let back = run - 2; back >= 0; back--) member = mix(member, cellAt(at - back * 4));
    const hash = spread(member);
    const bucket = sketch + (hash & (buckets - 1)) * 4;
    const rest = hash >>> 7;
    if (rest < cellAt(bucket)) setCell(bucket, rest);
  }
}

/** Spreads a hash over all its bits (the last step of MurmurHash3, public domain). */
function spread(hash: i32): i32 {
  let mixed = multiply(hash ^ (hash >>> 16), -2048144789);
  mixed = multiply(mixed ^ (mixed >>> 13), -1028477387);
  return mixed ^ (mixed >>> 16);
}
