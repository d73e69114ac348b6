/**
 * Text as a document may show it: one line, without control and direction characters and without broken surrogates.
 * It may still mean markup: each renderer escapes it.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '');
}
