import { ask, button, type DialogText, type Translating } from '../shared/dialog.editor.ts';
import {
  badge,
  certificateCard,
  isUnknown,
  type Badge,
  type CardAction,
  type ShownCertificate,
} from './certificate-card.editor.ts';
import type { TrustStore } from './trust-store.editor.ts';

interface Offered {
  policy: string;
  mode: string;
  security?: string;
  obsolete: boolean;
  logins: string[];
  fingerprint: string;
}

interface Discovery {
  endpoints: Offered[];
  certificates: ShownCertificate[];
}

/** Draws what a server offers, and its certificate with the decision to trust it; the choice goes into `security`. */
export function openDiscovery(
  node: Translating,
  text: DialogText,
  trust: TrustStore,
  { url, security }: { url: () => string; security: JQuery },
): { button: JQuery; results: JQuery } {
  const results = $('<div aria-live="polite">');

  async function look(): Promise<void> {
    results.text(text('discovering'));
    try {
      draw(await ask<Discovery>(node, 'POST', 'opcua/discover', { endpointUrl: url() }));
      await trust.load();
    } catch (failed) {
      results.empty().append($('<p class="mw-bad">').text((failed as Error).message));
    }
  }

  function draw({ endpoints, certificates }: Discovery): void {
    const offers = $('<div class="mw-card" role="radiogroup">').attr('aria-label', text('offered'));
    const best = endpoints.find((offered) => offered.security && offered.mode === 'SignAndEncrypt');
    const sameLogins = new Set(endpoints.map(({ logins }) => logins.join())).size === 1;
    if (best) offers.append(offer({ ...best, security: 'best' }, { text: text('recommended'), kind: 'good' }, false));
    for (const offered of endpoints) offers.append(offer(offered, remark(offered), !sameLogins));
    const [first] = endpoints;
    if (sameLogins && first)
      offers.append($('<div class="mw-plain">').text(text('logins', { logins: loginText(first) })));
    results.empty().append(offers);
    for (const certificate of certificates)
      results.append(certificateCard(node, text, certificate, [trustBadge(certificate)], actions(certificate)));
    if (endpoints.length === 0) results.append($('<p>').text(text('nothingOffered')));
  }

  const loginText = ({ logins }: Offered) => logins.map((login) => text(`loginOptions.${login}`)).join(', ');

  function offer(offered: Offered, state: Badge | undefined, withLogins: boolean): JQuery {
    const radio = $('<input type="radio" name="mw-opcua-endpoint-offer">')
      .val(offered.security ?? '')
      .prop('disabled', !offered.security)
      .prop('checked', offered.security === security.val())
      .on('change', () => security.val(offered.security ?? 'best').trigger('change'));
    const level = `${offered.policy}, ${text(`modes.${offered.mode}`)}`;
    const names: Record<string, string> = { none: text('unsecured'), best: text('best', { level }) };
    return $('<label class="mw-offer">').append(
      radio,
      $('<span>').append(
        $('<span>').text(names[offered.security ?? ''] ?? level),
        ...(state ? [badge(state)] : []),
        ...(withLogins ? [$('<span class="mw-plain">').text(loginText(offered))] : []),
      ),
    );
  }

  function remark({ security: setting, obsolete }: Offered): Badge | undefined {
    if (obsolete) return { text: text('obsolete'), kind: 'bad' };
    if (!setting) return { text: text('unsupported'), kind: 'plain' };
    return setting === 'none' ? { text: text('unprotected'), kind: 'warning' } : undefined;
  }

  function trustBadge(certificate: ShownCertificate): Badge {
    if (!certificate.problem) return { text: text('trusted'), kind: 'good' };
    return { text: text(isUnknown(certificate) ? 'notTrusted' : 'notUsable'), kind: 'bad' };
  }

  function actions(certificate: ShownCertificate): CardAction[] {
    const { fingerprint } = certificate;
    const decide = (action: 'accept' | 'reject') => () => {
      void trust.decide(action, fingerprint).then(look);
    };
    if (isUnknown(certificate)) return [{ label: text('accept'), icon: 'check', work: decide('accept') }];
    const isListed = trust.list().trusted.some((trusted) => trusted.fingerprint === fingerprint);
    return isListed ? [{ label: text('reject'), icon: 'ban', work: decide('reject') }] : [];
  }

  security.on('change', () => {
    results.find('input[type=radio]').each((_index, radio) => {
      $(radio).prop('checked', $(radio).val() === security.val());
    });
  });
  return { button: button(text('discover'), 'search', () => void look()), results };
}
