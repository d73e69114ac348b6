/** What this browser keeps for the next visit; a browser that keeps nothing does no harm. */
type Name = 'language' | 'theme';

/** Keeps a choice of the reader. */
export function remember(name: Name, value: string): void {
  try {
    localStorage.setItem(`millwright-board-${name}`, value);
  } catch {
    // Storage is switched off, or full.
  }
}

/** A choice that was kept, if any. */
export function remembered(name: Name): string | undefined {
  try {
    return localStorage.getItem(`millwright-board-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}
