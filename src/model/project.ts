import type { Artifact } from './artifact.ts';
import type { DatasetId } from './dataset.ts';
import type { Visibility } from './project-right.ts';

/** What an investigation says of an artifact. */
export const ARTIFACT_STATUSES = ['confirmed', 'suspected', 'dismissed'] as const;
export type ArtifactStatus = (typeof ARTIFACT_STATUSES)[number];

/** One pivot of the path that led to an artifact. */
export interface PathStep {
  readonly from: Artifact;
  readonly dataset: DatasetId;
  readonly label: string;
  readonly direction: 'forward' | 'reverse';
  readonly to: Artifact;
  /** How many share the value that was pivoted through, where that is known. */
  readonly shared?: number | undefined;
}

/** An artifact in a project. */
export interface ProjectArtifact extends Artifact {
  readonly status: ArtifactStatus;
  readonly reason: string;
  /** From what was known to this; empty where a person or a mail named it. */
  readonly path: readonly PathStep[];
  readonly tags: readonly string[];
  /** Markdown. */
  readonly notes: string;
  readonly addedAt: Date;
  readonly updatedAt: Date;
}

/** An investigation. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Account of whom it belongs to, and the name of that. */
  readonly owner: string;
  readonly ownerName: string;
  readonly visibility: Visibility;
  readonly tags: readonly string[];
  /** Markdown. */
  readonly notes: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
