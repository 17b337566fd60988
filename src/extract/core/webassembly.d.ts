/** What of the WebAssembly API is used here; TypeScript declares it for browsers only. */
declare namespace WebAssembly {
  type Module = object;
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports: Record<string, Record<string, () => void>>) => Instance;
  function validate(bytes: Uint8Array): boolean;
}
