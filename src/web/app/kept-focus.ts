const HOLDERS = 'section[aria-label], aside, [role=tabpanel], [role=dialog], main';

/**
 * Keeps the place of whoever moves by keyboard: where the focused element goes from the page (a row taken out, a button that
 * did its work), the focus passes to the part of the screen that held it, unless something else took it.
 */
export function keepFocus(): () => void {
  let focused: Element | undefined;
  let holders: readonly HTMLElement[] = [];
  let frame = 0;
  const onFocus = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element)) return;
    focused = target;
    const found: HTMLElement[] = [];
    let above = target.parentElement?.closest<HTMLElement>(HOLDERS);
    while (above !== null && above !== undefined) {
      found.push(above);
      above = above.parentElement?.closest<HTMLElement>(HOLDERS);
    }
    holders = found;
  };
  const check = (): void => {
    frame = 0;
    if (focused === undefined || focused.isConnected || document.activeElement !== document.body) return;
    focused = undefined;
    const holder = holders.find(({ isConnected }) => isConnected);
    if (holder === undefined) return;
    if (!holder.hasAttribute('tabindex')) holder.tabIndex = -1;
    holder.focus({ preventScroll: true });
  };
  // Browsers tell of no blur when a focused element is taken out.
  const observer = new MutationObserver(() => {
    if (frame === 0 && focused?.isConnected === false) frame = requestAnimationFrame(check);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  addEventListener('focusin', onFocus);
  return () => {
    removeEventListener('focusin', onFocus);
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
