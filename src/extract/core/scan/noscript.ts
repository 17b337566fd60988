/** `noscript` elements that are open. */
let open: i32 = 0;

export function leaveAllNoscript(): void {
  open = 0;
}

export function enterNoscript(): void {
  open++;
}

export function leaveNoscript(): void {
  if (open > 0) open--;
}

export function isAtNoscript(): boolean {
  return open > 0;
}
