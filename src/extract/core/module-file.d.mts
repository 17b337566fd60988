export const MODULE_OPTIONS: readonly string[];
export function readModuleSources(): Map<string, string>;
export function modulePath(sources?: Map<string, string>): string;
