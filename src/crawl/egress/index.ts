/**
 * The egress guard: the only way out of a capture, and the recorder of all that passes.
 *
 * Promises: a name is resolved once and pinned; every address is vetted, when resolved and again when dialled; nothing
 * but the public Internet (or what was explicitly allowed) is reached; every limit acts and is reported; memory stays
 * bounded whatever the two sides do. Leaves to others: what the bytes mean (`wire/`).
 */
export { EgressError } from './egress-error.ts';
export {
  openEgressGuard,
  type Denial,
  type EgressFailure,
  type EgressGuard,
  type EgressGuardOptions,
} from './guard.ts';
export type { EgressLimits } from './limits.ts';
export { networkAsking, systemNetwork, type Network } from './network.ts';
export { resolveNames, type NameResolution } from './resolve-names.ts';
export type { TunnelRecord } from './tunnel.ts';
