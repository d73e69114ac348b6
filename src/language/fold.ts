/** Lower case, umlauts spelt out. */
export function lowered(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss');
}

/** The same with accents gone. */
export function folded(text: string): string {
  return lowered(text).normalize('NFD').replace(/\p{M}/gu, '');
}
