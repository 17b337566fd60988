import { parseHost, type Host } from '#model';

/** The host of the given name, which may be in Unicode. Names here are constants: one that is no host is a mistake in the story. */
export function hostNamed(name: string): Host {
  const host = parseHost(name);
  if (host === undefined) throw new TypeError(`not a host: ${name}`);
  return host;
}
