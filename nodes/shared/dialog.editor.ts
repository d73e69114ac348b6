/** A text of the dialog's catalogue, by key below `form`. */
export type DialogText = (key: string, params?: Record<string, string>) => string;

/** The node in a dialog, as far as its texts go. */
export interface Translating {
  _(key: string, params?: Record<string, string>): string;
}

/** What a route of ours answers where it fails. */
interface Failure {
  code?: string;
  params?: Record<string, string>;
  message?: string;
}

/** A button in the editor's look, with an icon and a text or, where bare, its text as label only. */
export function button(label: string, icon: string, work: () => void, bare = false): JQuery {
  const face = $('<button type="button" class="red-ui-button">').append($('<i>').addClass(`fa fa-${icon}`));
  if (bare) face.attr({ 'aria-label': label, title: label });
  else face.append(document.createTextNode(` ${label}`));
  return face.on('click', work);
}

/** Where the build puts the texts of all errors, once for the whole package. */
const errorCatalogue = '@millwright/node-red-shopfloor/mw-site:';

/** An error's text and what can be done, in the editor's language. */
export function errorText(node: Translating, { code = '', params = {}, message = code }: Failure): string {
  const known = (key: string) => {
    const text = node._(errorCatalogue + key, params);
    return text.endsWith(key) ? '' : text;
  };
  const what = known(`errors.${code}`);
  return what ? `${what} ${known(`fixes.${code}`)}`.trim() : message;
}

/**
 * Asks a route of ours with the editor's own log-in.
 * @throws an Error whose message is fit for people
 */
export async function ask<T>(node: Translating, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = $.ajax({
      url: `millwright/${path}`,
      method,
      dataType: 'json',
      ...(body ? { contentType: 'application/json', data: JSON.stringify(body) } : {}),
    });
    void request.then(
      (answer) => {
        resolve(answer as T);
      },
      (thrown: unknown) => {
        const failed = thrown as JQuery.jqXHR;
        const answer = (failed.responseJSON ?? {}) as Failure;
        const text = failed.status === 401 || failed.status === 403 ? node._('form.forbidden') : '';
        const reason = text || errorText(node, { message: failed.statusText, ...answer });
        reject(new Error(reason));
      },
    );
  });
}
