/** A 32-bit integer: built into AssemblyScript, a name for `number` in TypeScript. */
declare type i32 = number;
