import { button, errorText, type DialogText, type Translating } from '../shared/dialog.editor.ts';

/** A certificate as the routes give it. */
export interface ShownCertificate {
  subject: string;
  issuer: string;
  fingerprint: string;
  thumbprint: string;
  validFrom: string;
  validTo: string;
  validity: 'valid' | 'expiring' | 'expired' | 'not-yet-valid';
  daysLeft: number;
  applicationUri: string;
  hostNames: string[];
  isAuthority: boolean;
  isForOtherHost?: boolean;
  problem?: { code: string; params: Record<string, string> };
}

/** A state in words; the colour only repeats them. */
export interface Badge {
  text: string;
  kind: 'good' | 'warning' | 'bad' | 'plain';
}

/** What can be done with a certificate. */
export interface CardAction {
  label: string;
  icon: string;
  work: () => void;
}

declare const RED: { i18n: { lang(): string } };

/** The look of cards and badges, in the editor's own colours. */
export const cardStyle = `
.mw-card { border: 1px solid var(--red-ui-form-input-border-color); border-radius: 4px; padding: 8px 10px; margin: 6px 0;
  background: var(--red-ui-form-input-background); color: var(--red-ui-primary-text-color); }
.mw-card-head { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; font-weight: bold;
  overflow-wrap: anywhere; }
.mw-card dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 10px; margin: 6px 0; }
.mw-card dt { font-weight: normal; color: var(--red-ui-secondary-text-color); }
.mw-card dd { margin: 0; overflow-wrap: anywhere; }
.mw-hex { font-family: var(--red-ui-monospace-font, monospace); font-size: 0.92em; user-select: all; }
.mw-actions { display: flex; gap: 6px; flex-wrap: wrap; }
.mw-badge { font-weight: normal; white-space: nowrap; }
.mw-badge::before { content: "●"; margin-right: 4px; }
.mw-good { color: var(--red-ui-text-color-success); }
.mw-warning { color: var(--red-ui-text-color-warning); }
.mw-bad { color: var(--red-ui-text-color-error); }
.mw-plain { color: var(--red-ui-secondary-text-color); }
`;

/** A state in words and colour. */
export function badge({ text, kind }: Badge): JQuery {
  return $('<span class="mw-badge">').addClass(`mw-${kind}`).text(text);
}

/** Draws one certificate: whose it is, its fingerprints, how long it is valid, what speaks against it, what to do. */
export function certificateCard(
  node: Translating,
  text: DialogText,
  certificate: ShownCertificate,
  badges: Badge[],
  actions: CardAction[],
): JQuery {
  const facts = $('<dl>');
  const fact = (key: string, value: JQuery | string) => {
    const shown = typeof value === 'string' ? document.createTextNode(value) : value;
    facts.append($('<dt>').text(text(key)), $('<dd>').append(shown));
  };
  fact('thumbprint', hex(certificate.thumbprint));
  fact('fingerprint', hex(certificate.fingerprint));
  fact(
    'valid',
    $('<span>').append(
      `${day(certificate.validFrom)} – ${day(certificate.validTo)} `,
      badge(validityBadge(text, certificate)),
    ),
  );
  if (certificate.applicationUri) fact('applicationUri', certificate.applicationUri);
  if (certificate.hostNames.length > 0) fact('hostNames', certificate.hostNames.join(', '));
  if (certificate.issuer !== certificate.subject) fact('issuer', certificate.issuer);
  const card = $('<div class="mw-card">').append(
    $('<div class="mw-card-head">').append($('<span>').text(certificate.subject), badges.map(badge)),
    facts,
  );
  const remarks = [
    ...(certificate.problem ? [isUnknown(certificate) ? text('compare') : errorText(node, certificate.problem)] : []),
    ...(certificate.isForOtherHost ? [text('otherHost')] : []),
    ...(certificate.isAuthority ? [text('authority')] : []),
  ];
  for (const remark of remarks) card.append($('<p>').css('margin', '4px 0').text(remark));
  if (actions.length > 0)
    card.append(
      $('<div class="mw-actions">').append(actions.map(({ label, icon, work }) => button(label, icon, work))),
    );
  return card;
}

/** Whether nothing speaks against a certificate but that nobody has accepted it yet. */
export function isUnknown({ problem }: ShownCertificate): boolean {
  return problem?.code === 'MW_OPCUA_CERTIFICATE_UNTRUSTED';
}

/** How long a certificate is valid, in words. */
function validityBadge(text: DialogText, { validity, daysLeft }: ShownCertificate): Badge {
  const kinds = { valid: 'good', expiring: 'warning', expired: 'bad', 'not-yet-valid': 'bad' } as const;
  return { kind: kinds[validity], text: text(`validity.${validity}`, { days: String(Math.max(0, daysLeft)) }) };
}

function hex(digits: string): JQuery {
  return $('<span class="mw-hex">').text(digits.replace(/(.{4})(?=.)/g, '$1 '));
}

function day(instant: string): string {
  return new Date(instant).toLocaleDateString(RED.i18n.lang(), { dateStyle: 'medium' });
}
