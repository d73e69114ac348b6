/** What is struck out of texts, and the word that stands in its place. */
const patterns: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/-----BEGIN [A-Z ]{1,40}-----[\s\S]{0,8000}?-----END [A-Z ]{1,40}-----/g, 'key'],
  [/\beyJ[\w-]{10,2000}\.[\w-]{4,2000}\.[\w-]{0,2000}/g, 'token'],
  [/\b(?:sk|pk|ghp|gho|xox[abp]|AKIA)[-_]?[A-Za-z0-9_-]{16,200}/g, 'token'],
  [
    /\b(password|passwort|kennwort|passwd|pwd|secret|token|api[ _-]?key)(\s*[:=]\s*|\s+(?:is|ist|lautet)\s+)\S{1,200}/gi,
    'secret',
  ],
  [/(?<=:\/\/)[^\s/@:]{1,100}:[^\s/@]{1,100}(?=@)/g, 'secret'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g, 'e-mail'],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, 'account'],
  [/(?<![\w.-])(?:\+|00)\d{1,3}[ /().-]{0,3}\d(?:[ /().-]{0,2}\d){6,12}(?![\w-])/g, 'phone'],
  [/(?<![\w.-])0\d{1,4}[ /-]{1,3}\d(?:[ /-]?\d){4,9}(?![\w.-])/g, 'phone'],
];

/**
 * Strikes e-mail addresses, telephone and account numbers, passwords, keys and access tokens out of a text. Flags what
 * has a known form and no more: a policy that keeps texts in is the only sure protection.
 */
export function redact(text: string): string {
  return patterns.reduce((cleaned, [pattern, word]) => cleaned.replaceAll(pattern, `[${word}]`), text);
}
