/** In a file of its own, as the list of public suffixes behind it is large and loads when it is first needed. */
export { parseArtifact } from '#model';
