import type { ScenarioView, WordingView } from '../view.ts';
import type { Texts } from './text.ts';

/** What is special about an alternative: in a few words, what goes with that, and both as one sentence. */
export interface Label {
  headline: string;
  detail: string;
  full: string;
}

/** Says what is special in the reader's language, or in the server's words where it gives no more than those. */
export function labelOf(texts: Texts, { label, wording }: Pick<ScenarioView, 'label' | 'wording'>): Label {
  const words = wording && inKpis(texts, wording);
  if (!words) return { headline: label, detail: '', full: label };
  const named = (wording.details ?? []).map(({ key, params }) => {
    const amount = 'amount' in params ? { amount: localAmount(texts, params.amount) } : {};
    return fillDetail(texts, key, { ...params, ...amount });
  });
  return {
    headline: words.headline,
    detail: [words.detail, ...named].filter(Boolean).join('; '),
    full: [words.full, ...named].join('; '),
  };
}

function fillDetail(texts: Texts, key: string, params: WordingView['params']): string {
  const name = `label.detail.${key}`;
  return texts.knows(name) ? texts.t(name, params) : Object.values(params).join(' ');
}

/** What a plan gains and costs in KPIs. */
function inKpis(texts: Texts, { key, params }: WordingView): Label | undefined {
  const part = (kind: 'better' | 'worse', kpi: unknown, amount: unknown): string[] => {
    const name = `label.${kind}.${String(kpi)}`;
    const one = `${name}.one`;
    const key = Number(amount) === 1 && texts.knows(one) ? one : name;
    return kpi !== undefined && texts.knows(key) ? [texts.t(key, { amount: localAmount(texts, amount) })] : [];
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
  return undefined;
}

/** A warning in the reader's language, or in the server's words. */
export function warningText(texts: Texts, { key, params, text }: ScenarioView['warnings'][number]): string {
  const name = `warning.${key}`;
  if (!texts.knows(name)) return text;
  const local = Object.entries(params).map(([param, value]) => [
    param,
    typeof value === 'number' ? texts.number(value, Number.isInteger(value) ? 0 : 1) : value,
  ]);
  return texts.t(name, Object.fromEntries(local) as WordingView['params']);
}

/** A missed wish in the reader's language, or in the server's words. */
export function missedText(texts: Texts, { key, params, text }: ScenarioView['violations'][number]): string {
  const name = `missed.${key}`;
  if (!texts.knows(name)) return text;
  const local = Object.entries(params).map(([param, value]): [string, string | number] => {
    const wish = `wish.${String(value)}`;
    if (param === 'kind' && texts.knows(wish)) return [param, texts.t(wish, params)];
    if (param === 'reason') return [param, texts.code('reason', String(value))];
    return [param, param.endsWith('At') ? texts.dayTime(Date.parse(String(value))) : value];
  });
  return texts.t(name, Object.fromEntries(local));
}

/** An amount as the server wrote it, with the reader's decimal sign. */
function localAmount(texts: Texts, amount: unknown): string {
  const text = String(amount);
  return texts.plainNumber(Number(text), text.split('.')[1]?.length ?? 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
