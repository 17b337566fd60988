/** What an API key may do; none includes another. */
export const SCOPES = ['read', 'write', 'capture', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
