/** The kinds of file that installers come as, by their first bytes. */
const FIRST_BYTES = {
  exe: executableHeader(),
  gzip: Uint8Array.of(0x1f, 0x8b, 0x08, 0x00),
  zip: Buffer.from('PK\u0003\u0004', 'latin1'),
  elf: Buffer.from('\u007fELF', 'latin1'),
  dmg: new Uint8Array(),
} as const;

/** A file that looks like an installer by name, size and first bytes, and holds nothing but text that says what it is. */
export function inertFile(kind: keyof typeof FIRST_BYTES, name: string, sizeBytes: number): Buffer {
  const first = FIRST_BYTES[kind];
  const file = Buffer.alloc(
    sizeBytes,
    `\r\nINERT FILE, NO PROGRAM: ${name} of a story played on a test internet.`,
  );
  file.set(first);
  return file;
}

/**
 * The fixed fields of a DOS header (`MZ`), such that nothing loads it: it claims more pages than the file has and all
 * of memory, and where the address of the PE header belongs it points at text.
 */
function executableHeader(): Uint8Array {
  const header = Buffer.alloc(64);
  header.write('MZ', 'latin1');
  header.writeUInt16LE(0xffff, 0x04); // pages in file: 32 MB
  header.writeUInt16LE(0xffff, 0x08); // header paragraphs
  header.writeUInt16LE(0xffff, 0x0a); // memory needed at least
  header.writeUInt32LE(64, 0x3c); // e_lfanew
  return header;
}
