// `putRuns` of `runs.ts` for WebAssembly (AssemblyScript, SIMD): four runs at a time. Up to three cells behind the list are read.

// The factors of `mix` and `spread`, loaded before the loop: see `bytes-simd.as`.
// @ts-ignore: decorators are AssemblyScript's
@lazy const FACTORS = memory.data<i32>([-1640531535, -2048144789, -1028477387]);

// @ts-ignore
@inline function mix4(hashes: v128, words: v128, factor: v128): v128 {
  const mixed = i32x4.mul(v128.xor(hashes, words), factor);
  return v128.xor(mixed, i32x4.shr_u(mixed, 15));
}

// @ts-ignore
@inline function spread4(hashes: v128, one: v128, other: v128): v128 {
  let mixed = i32x4.mul(v128.xor(hashes, i32x4.shr_u(hashes, 16)), one);
  mixed = i32x4.mul(v128.xor(mixed, i32x4.shr_u(mixed, 13)), other);
  return v128.xor(mixed, i32x4.shr_u(mixed, 16));
}

// @ts-ignore
@inline function keepLeast(bucket: i32, rest: i32): void { // no branch: what is smaller is a guess on small pages
  const least = load<i32>(bucket);
  store<i32>(bucket, select<i32>(rest, least, rest < least));
}

export function putRuns(list: i32, count: i32, run: i32, sketch: i32, buckets: i32): void {
  const factor = v128.load32_splat(FACTORS);
  const one = v128.load32_splat(FACTORS, 4);
  const other = v128.load32_splat(FACTORS, 8);
  const mask = i32x4.splat(buckets - 1);
  for (let first = 0; first < count; first += 4) {
    const at = list + first * 4;
    let members = v128.load(at - (run - 1) * 4);
    for (let back = run - 2; back >= 0; back--) members = mix4(members, v128.load(at - back * 4), factor);
    const hashes = spread4(members, one, other);
    const places = i32x4.shl(v128.and(hashes, mask), 2);
    // what is behind the list gets the greatest value of all
    const isBehind = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(count - first));
    const rests = v128.or(i32x4.shr_u(hashes, 7), i32x4.shr_u(isBehind, 1));
    keepLeast(sketch + i32x4.extract_lane(places, 0), i32x4.extract_lane(rests, 0));
    keepLeast(sketch + i32x4.extract_lane(places, 1), i32x4.extract_lane(rests, 1));
    keepLeast(sketch + i32x4.extract_lane(places, 2), i32x4.extract_lane(rests, 2));
    keepLeast(sketch + i32x4.extract_lane(places, 3), i32x4.extract_lane(rests, 3));
  }
}
