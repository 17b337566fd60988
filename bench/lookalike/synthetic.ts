const SYLLABLES =
  'ba be bo ca co da de do fa fi ga go ha in ka ko la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va ve vi wa ye zo'.split(
    ' ',
  );
const ENDINGS = ['com', 'com', 'com', 'org', 'net', 'de', 'co.uk', 'io', 'ru', 'info'];

/** Made-up domains, the same each time, for where there is no list of real ones. */
export function syntheticDomains(count: number): string[] {
  let seed = 29;
  const random = (below: number): number =>
    ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 8) % below;
  const domains = new Set<string>();
  while (domains.size < count) {
    const label = Array.from({ length: 2 + random(5) }, () => SYLLABLES[random(SYLLABLES.length)]).join('');
    domains.add(`${label}${random(10) === 0 ? '-online' : ''}.${ENDINGS[random(ENDINGS.length)]}`);
  }
  return [...domains];
}
