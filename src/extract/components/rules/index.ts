import type { ComponentRule } from '../rule.ts';
import { LIBRARY_COMPONENTS } from './libraries.ts';
import { PLATFORM_COMPONENTS } from './platforms.ts';
import { SERVER_COMPONENTS } from './servers.ts';
import { SERVICE_COMPONENTS } from './services.ts';

/** Every product that is known by its marks. */
export const COMPONENT_RULES: readonly ComponentRule[] = [
  ...SERVER_COMPONENTS,
  ...PLATFORM_COMPONENTS,
  ...LIBRARY_COMPONENTS,
  ...SERVICE_COMPONENTS,
];
