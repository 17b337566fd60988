import type { TrackerRule } from '../rule.ts';
import { ANALYTICS_TRACKERS } from './analytics.ts';
import { GOOGLE_TRACKERS } from './google.ts';
import { PIXEL_TRACKERS } from './pixels.ts';
import { SERVICE_TRACKERS } from './services.ts';
import { SOCIAL_TRACKERS } from './social.ts';

/** Every type of tracker that a pattern finds; wallets, mail addresses and Sentry DSNs have code of their own. */
export const TRACKER_RULES: readonly TrackerRule[] = [
  ...GOOGLE_TRACKERS,
  ...PIXEL_TRACKERS,
  ...ANALYTICS_TRACKERS,
  ...SERVICE_TRACKERS,
  ...SOCIAL_TRACKERS,
];
