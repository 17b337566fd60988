/**
 * Header that changing requests by cookie carry, with any value: a form cannot set it, and a page of another origin may
 * not without being asked for, which this server never allows.
 */
export const CSRF_HEADER = 'adit-request';
