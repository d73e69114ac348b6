/**
 * PEM blocks as they should be out of a one-line input, which loses line breaks. Text that holds no block stays as it
 * is, so that the TLS library says what is wrong with it.
 */
export function pemText(text: string): string {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,60})-----([A-Za-z0-9+/=\s]+)-----END \1-----/g)];
  if (blocks.length === 0) return text;
  return blocks
    .map(([, label, body = '']) => {
      const lines = body.replace(/\s/g, '').match(/.{1,64}/g) ?? [];
      return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
    })
    .join('');
}
