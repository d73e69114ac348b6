import type { ScenarioView } from '../view.ts';
import type { Texts } from './text.ts';

/** What is special about an alternative: in a few words, what goes with that, and both as one sentence. */
export interface Label {
  headline: string;
  detail: string;
  full: string;
}

/** Says what is special in the reader's language, or in the server's words where it gives no more than those. */
export function labelOf(texts: Texts, { label, wording }: Pick<ScenarioView, 'label' | 'wording'>): Label {
  const asIs = { headline: label, detail: '', full: label };
  if (!wording) return asIs;
  const { key, params } = wording;
  const part = (kind: 'better' | 'worse', kpi: unknown, amount: unknown): string[] => {
    const name = `label.${kind}.${String(kpi)}`;
    return kpi !== undefined && texts.knows(name) ? [texts.t(name, { amount: localAmount(texts, amount) })] : [];
  };
  const price = part('worse', params.price, params.priceAmount);
  if (key === 'doing-nothing' || key === 'alike') {
    const [headline, detail] = [texts.t(`label.${key}`), key === 'alike' ? '' : texts.t('label.doing-nothing.detail')];
    return { headline, detail, full: [headline, detail].filter(Boolean).join(': ') };
  }
  if (key === 'best') {
    const headline = texts.code('label.best', String(params.kpi));
    const gain = texts.t('label.than', { gain: part('better', params.kpi, params.amount).join('') });
    const detail = [gain, ...price].join('; ');
    return { headline, detail, full: `${headline}: ${detail}` };
  }
  if (key === 'trade-off') {
    const gains = [
      ...part('better', params.gain, params.gainAmount),
      ...part('better', params.secondGain, params.secondAmount),
    ];
    const [headline = '', ...rest] = [...gains, ...price];
    const full = [gains.join(', '), ...price].filter(Boolean).join('; ');
    return { headline: capital(headline), detail: rest.join('; '), full: capital(full) };
  }
  return asIs;
}

/** An amount as the server wrote it, with the reader's decimal sign. */
function localAmount(texts: Texts, amount: unknown): string {
  const text = String(amount);
  return texts.plainNumber(Number(text), text.split('.')[1]?.length ?? 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
