import { PERSONAS } from '#crawl';
import type { Persona } from '#model';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { collect } from './options.ts';

/** What `--persona` and its companions come to. */
export interface PersonaOptions {
  readonly persona?: readonly string[];
  readonly userAgent?: string;
  readonly language?: readonly string[];
  readonly timeZone?: string;
  readonly viewport?: Persona['viewport'];
  readonly referrer?: string;
  readonly geolocation?: Persona['geolocation'];
  readonly proxy?: string;
}

function parseViewport(text: string): Persona['viewport'] {
  const match = /^(\d{2,5})x(\d{2,5})(?:@(\d(?:\.\d+)?))?$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('It is written WIDTHxHEIGHT or WIDTHxHEIGHT@SCALE, e.g. 1366x768.');
  return {
    width: Number(match[1]),
    height: Number(match[2]),
    deviceScaleFactor: Number(match[3] ?? 1),
    isMobile: false,
    hasTouch: false,
  };
}

function parseGeolocation(text: string): NonNullable<Persona['geolocation']> {
  const [latitude, longitude] = text.split(',').map(Number);
  const isValid =
    latitude !== undefined &&
    longitude !== undefined &&
    Math.abs(latitude) <= 90 &&
    Math.abs(longitude) <= 180;
  if (!isValid)
    throw new InvalidArgumentError('It is written LATITUDE,LONGITUDE in degrees, e.g. 52.52,13.40.');
  return { latitude, longitude, accuracy: 50 };
}

function parseTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('It takes an IANA name, e.g. Europe/Berlin.');
  }
}

/** Adds the options that say what the site sees of the virtual user. */
export function addPersonaOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-p, --persona <id>', 'who visits; give it again to compare several')
        .argParser(collect)
        .choices(PERSONAS.map(({ id }) => id))
        .argParser(collectChoice),
    )
    .option('--user-agent <text>', 'user agent instead of the persona’s')
    .option('--language <tag>', 'language, most wanted first; repeatable', collect)
    .option('--time-zone <name>', 'IANA time zone', parseTimeZone)
    .option('--viewport <size>', 'window, e.g. 1366x768', parseViewport)
    .option('--referrer <url>', 'where the visitor comes from')
    .option('--geolocation <place>', 'LATITUDE,LONGITUDE', parseGeolocation)
    .option('--proxy <url>', 'upstream proxy, http://… or socks5://…');
}

function collectChoice(value: string, before: readonly string[] | undefined): readonly string[] {
  if (!PERSONAS.some(({ id }) => id === value))
    throw new InvalidArgumentError(`There are ${PERSONAS.map(({ id }) => id).join(', ')}.`);
  return collect(value, before);
}

/** The personas asked for, with the overrides laid over each. */
export function personasOf(options: PersonaOptions): Persona[] {
  const ids = options.persona ?? [PERSONAS[0]!.id];
  return ids.map((id) => {
    const persona = PERSONAS.find((each) => each.id === id)!;
    const { userAgent, timeZone, viewport, referrer, geolocation, proxy } = options;
    return {
      ...persona,
      ...(userAgent !== undefined && { userAgent, clientHints: undefined }),
      ...(options.language !== undefined && { languages: [...options.language] }),
      ...(timeZone !== undefined && { timeZone }),
      ...(viewport !== undefined && { viewport: { ...persona.viewport, ...viewport } }),
      ...(referrer !== undefined && { referrer }),
      ...(geolocation !== undefined && { geolocation }),
      ...(proxy !== undefined && { proxy }),
    };
  });
}
