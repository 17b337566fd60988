import type { Persona } from '#model';

type ClientHints = NonNullable<Persona['clientHints']>;

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;
const GREASE_CHARACTERS = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_'];
const GREASE_VERSIONS = ['8', '99', '24'];

/** Brands in the order, and with the meaningless third one, that Chrome of this version sends (components/embedder_support/user_agent_utils.cc). */
export function brandLists(version: string): Pick<ClientHints, 'brands' | 'fullVersionList'> {
  const seed = Number(majorOf(version));
  const characterAt = (index: number) => GREASE_CHARACTERS[index % GREASE_CHARACTERS.length]!;
  const grease = {
    brand: `Not${characterAt(seed)}A${characterAt(seed + 1)}Brand`,
    version: GREASE_VERSIONS[seed % GREASE_VERSIONS.length]!,
  };
  const order = ORDERS[seed % ORDERS.length]!;
  const arranged = (greaseVersion: string, ownVersion: string) => {
    const list: { brand: string; version: string }[] = [];
    list[order[0]] = { brand: grease.brand, version: greaseVersion };
    list[order[1]] = { brand: 'Chromium', version: ownVersion };
    list[order[2]] = { brand: 'Google Chrome', version: ownVersion };
    return list;
  };
  return {
    brands: arranged(grease.version, majorOf(version)),
    fullVersionList: arranged(`${grease.version}.0.0.0`, version),
  };
}

/** `140` of `140.0.7339.80`. */
export function majorOf(version: string): string {
  return version.split('.')[0]!;
}
