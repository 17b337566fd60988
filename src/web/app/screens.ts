import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** A screen: its address with parameters in braces, its title, and its code, which loads when it is first shown. */
interface Screen {
  readonly path: string;
  readonly title: string;
  readonly component: LazyExoticComponent<ComponentType<{ params: Readonly<Record<string, string>> }>>;
  /** Shown outside the frame: no navigation, no search box. */
  readonly isBare?: boolean;
}

const screen = <Path extends string>(
  path: Path,
  title: string,
  load: () => Promise<ComponentType<{ params: Readonly<Record<string, string>> }>>,
  options: { readonly isBare?: boolean } = {},
): Screen & { readonly path: Path } => ({
  path,
  title,
  component: lazy(async () => ({ default: await load() })),
  ...options,
});

/** Every screen of the app. The first path that fits is shown. */
export const SCREENS = {
  search: screen(
    '/',
    'Search',
    async () => (await import('../screens/search/search-screen.tsx')).SearchScreen,
  ),
  artifact: screen(
    '/artifact',
    'Artifact',
    async () => (await import('../screens/artifact/artifact-screen.tsx')).ArtifactScreen,
  ),
  projects: screen(
    '/projects',
    'Projects',
    async () => (await import('../screens/project/projects-screen.tsx')).ProjectsScreen,
  ),
  project: screen(
    '/projects/{id}',
    'Project',
    async () => (await import('../screens/project/project-screen.tsx')).ProjectScreen,
  ),
  signIn: screen(
    '/sign-in',
    'Sign in',
    async () => (await import('../screens/account/sign-in-screen.tsx')).SignInScreen,
    { isBare: true },
  ),
  guestLink: screen(
    '/guest',
    'Guest link',
    async () => (await import('../screens/account/guest-link-screen.tsx')).GuestLinkScreen,
    { isBare: true },
  ),
  guestProject: screen(
    '/guest/{id}',
    'Project',
    async () => (await import('../screens/account/guest-project-screen.tsx')).GuestProjectScreen,
    { isBare: true },
  ),
  settings: screen(
    '/settings',
    'Settings',
    async () => (await import('../screens/account/settings-screen.tsx')).SettingsScreen,
  ),
  alerts: screen(
    '/alerts',
    'Alerts',
    async () => (await import('../screens/account/alerts-screen.tsx')).AlertsScreen,
  ),
  brands: screen(
    '/brands',
    'Brands',
    async () => (await import('../screens/brands/brands-screen.tsx')).BrandsScreen,
  ),
  brand: screen(
    '/brand',
    'Brand',
    async () => (await import('../screens/brands/brand-screen.tsx')).BrandScreen,
  ),
  compare: screen(
    '/compare',
    'Compare',
    async () => (await import('../screens/compare/compare-screen.tsx')).CompareScreen,
  ),
  imports: screen(
    '/imports',
    'Imports',
    async () => (await import('../screens/imports/imports-screen.tsx')).ImportsScreen,
  ),
  guide: screen(
    '/guide',
    'Guide',
    async () => (await import('../screens/guide/guide-screen.tsx')).GuideScreen,
  ),
  crawls: screen(
    '/crawls',
    'Crawls and visits',
    async () => (await import('../screens/crawls/crawls-screen.tsx')).CrawlsScreen,
  ),
  capture: screen(
    '/captures/{id}',
    'Capture',
    async () => (await import('../screens/capture/capture-screen.tsx')).CaptureScreen,
  ),
} as const;

export type ScreenId = keyof typeof SCREENS;

type ParamName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamName<Rest>
  : never;
type Params<Id extends ScreenId> = Record<ParamName<(typeof SCREENS)[Id]['path']>, string>;
type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The address of a screen: `href('project', { id }, { view: 'graph' })`. */
export function href<Id extends ScreenId>(
  id: Id,
  ...[params, query]: [ParamName<(typeof SCREENS)[Id]['path']>] extends [never]
    ? [params?: Readonly<Record<never, string>>, query?: Query]
    : [params: Params<Id>, query?: Query]
): string {
  const path = SCREENS[id].path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent((params as Record<string, string>)[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== '') search.append(name, String(each));
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

/** The screen of a path, with its parameters; undefined where there is none. */
export function findScreen(
  path: string,
): { readonly id: ScreenId; readonly screen: Screen; readonly params: Record<string, string> } | undefined {
  for (const [id, candidate] of Object.entries(SCREENS) as [ScreenId, Screen][]) {
    // keys of the const above
    const pattern = candidate.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}/?$`).exec(path);
    if (match === null) continue;
    try {
      const params = Object.entries(match.groups ?? {}).map(([name, value]) => [
        name,
        decodeURIComponent(value),
      ]);
      return { id, screen: candidate, params: Object.fromEntries(params) as Record<string, string> };
    } catch {
      return undefined; // a broken escape is no address
    }
  }
  return undefined;
}
