import { button, type DialogText, type Translating } from '../shared/dialog.editor.ts';
import { certificateCard, type Badge, type CardAction, type ShownCertificate } from './certificate-card.editor.ts';
import type { TrustList, TrustStore } from './trust-store.editor.ts';

/** Draws the certificates of all servers and this Node-RED's own; gives what draws them anew. */
export function openTrustLists(
  node: Translating,
  text: DialogText,
  store: () => TrustStore,
): { element: JQuery; draw: (list: TrustList, error?: Error) => void } {
  const element = $('<div>');
  const message = $('<p class="mw-bad" role="alert">').hide();
  const lists = $('<div>');
  const chooser = $('<input type="file" accept=".pem,.der,.cer,.crt,.crl">')
    .css('display', 'none')
    .on('change', function () {
      const [file] = (this as HTMLInputElement).files ?? [];
      if (file) void readBase64(file).then((base64) => store().importFile(base64));
      $(this).val('');
    });
  element.append(
    message,
    lists,
    $('<div class="mw-actions">').append(
      chooser,
      button(text('addFile'), 'upload', () => chooser.trigger('click')),
    ),
    $('<p class="mw-plain">').text(text('addFileHint')),
  );

  function draw(list: TrustList, error?: Error): void {
    message.text(error?.message ?? '').toggle(error !== undefined);
    lists.empty().append(
      section('waiting', list.rejected, (one) => [
        action('accept', 'check', () => store().decide('accept', one.fingerprint)),
        action('forget', 'trash-o', () => store().decide('forget', one.fingerprint)),
      ]),
      section('trustedList', list.trusted, (one) => [
        action('reject', 'ban', () => store().decide('reject', one.fingerprint)),
      ]),
      ...(list.issuers.length > 0 ? [section('issuers', list.issuers, () => [])] : []),
      section('own', list.own, (one) => [
        {
          label: text('download'),
          icon: 'download',
          work: () => {
            save(one.base64, `millwright-${one.thumbprint.slice(0, 8).toLowerCase()}.der`);
          },
        },
        ...(one === list.own[0] ? [renewal()] : []),
      ]),
    );
  }

  function section<C extends ShownCertificate>(
    key: string,
    certificates: readonly C[],
    actionsOf: (certificate: C) => CardAction[],
  ): JQuery {
    const badges = (index: number): Badge[] =>
      key === 'own'
        ? [index === 0 ? { text: text('inUse'), kind: 'good' } : { text: text('former'), kind: 'plain' }]
        : [];
    const cards = certificates.map((certificate, index) =>
      certificateCard(node, text, certificate, badges(index), actionsOf(certificate)),
    );
    return $('<section>').append(
      $('<h4>').text(text(key)),
      $('<p class="mw-plain">').text(text(cards.length > 0 ? `${key}Hint` : `${key}None`)),
      cards,
    );
  }

  const action = (key: string, icon: string, work: () => Promise<void>): CardAction => ({
    label: text(key),
    icon,
    work: () => void work(),
  });

  /** Renewing concerns every server, so it asks once more. */
  function renewal(): CardAction {
    return {
      label: text('renew'),
      icon: 'refresh',
      work: () => {
        if (window.confirm(text('renewSure'))) void store().renew();
      },
    };
  }
  return { element, draw };
}

async function readBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function save(base64: string, name: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pkix-cert' }));
  const link = $('<a>').attr({ href: address, download: name }).appendTo('body');
  link[0]?.click();
  link.remove();
  URL.revokeObjectURL(address);
}
