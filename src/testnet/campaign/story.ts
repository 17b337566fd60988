import type { Host, Sha256 } from '#model';
import type { Site } from '../site.ts';

/** A campaign as a test internet can play it, with what is true in it. */
export interface Story {
  readonly sites: readonly Site[];
  readonly mails: readonly Mail[];
  readonly brands: readonly Brand[];
  readonly fakes: readonly Fake[];
  /** Names of the operator's that imitate a brand and where nothing answers: only a certificate names them. */
  readonly unusedFakes: readonly Pick<Fake, 'host' | 'brand'>[];
  /** Hosts that the operator uses besides the fakes. */
  readonly operatorHosts: readonly Host[];
  /** Hosts of others that have nothing to do with the campaign. None of them leads to the first brand in any way. */
  readonly innocents: readonly Host[];
  /** Third parties that every page of the story uses. */
  readonly popular: readonly Host[];
  /** Third parties that some pages use. */
  readonly thirdParties: readonly Host[];
  /** What the operator's hosts have in common and hardly anybody else has: how one leads to the next. */
  readonly sharedTraits: readonly SharedTrait[];
  /** In the order of their instants. */
  readonly steps: readonly StoryStep[];
}

/** A message as it would be received (RFC 5322, RFC 6532). */
export interface Mail {
  /** File name, ending in `.eml`. */
  readonly name: string;
  readonly eml: Uint8Array;
  /** Belongs to the few that the investigation starts from; the others come in later. */
  readonly isInitial: boolean;
  readonly sentAt: Date;
  /** Every web URL that the message names, in its normal form; defanged ones made whole again. */
  readonly urls: readonly string[];
}

/** Who is imitated. */
export interface Brand {
  readonly name: string;
  readonly host: Host;
  readonly url: string;
}

/** A site that imitates a brand. */
export interface Fake {
  readonly host: Host;
  /** The host imitated. */
  readonly brand: Host;
  readonly url: string;
  /** Its page loads style sheets, scripts and images from the brand's host; otherwise it has its own copies of them. */
  readonly hotlinks: boolean;
  /** Whether a mail of the initial set names it, or only a later one: then a pivot has to find it. */
  readonly inMail: 'initial' | 'later';
  /** What the page's main control leads to. */
  readonly download: FakeDownload;
}

/** The way from the control to the file. */
export interface FakeDownload {
  /** What the control's `onclick` calls. */
  readonly functionName: string;
  /** Every URL requested, the first by the function, each further one by redirect, the last being the file's. */
  readonly hops: readonly string[];
  readonly fileName: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}

export interface SharedTrait {
  readonly dataset: 'resolutions' | 'trackers' | 'certificates' | 'fingerprints' | 'host-pairs' | 'files';
  /** What is shared: an address, an id, a name on a certificate, a digest, a host that all lead to. */
  readonly value: string;
  readonly hosts: readonly Host[];
}

/** One round of captures. */
export interface StoryStep {
  readonly name: string;
  readonly at: Date;
  readonly urls: readonly string[];
}
