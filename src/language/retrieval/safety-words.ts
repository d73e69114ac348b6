import { lowered } from '../fold.ts';

/** Signal words and what makes safe, folded to lower case without accents; beginnings of words. */
const safety =
  /\b(danger|warning|caution|lock-? ?out|tag-? ?out|loto\b|isolat|de-?energi[sz]|stored energy|residual (energy|pressure)|depressuri[sz]|protective equipment|ppe\b|safety (glasses|gloves|shoes|device|switch)|gefahr|warnung|vorsicht|achtung|freischalt|wiedereinschalt|spannungsfrei|restenergie|restdruck|drucklos|schutzausruestung|psa\b|schutzbrille|handschuhe|verriegel)/;

/** Words that would lift a protection: no text can do that. */
const waiver =
  /\b(no|not|without|skip|skips|skipping|bypass\w*|ignore|omit|unnecessary|needless|ohne|kein|keine|keinen|keinem|nicht|entfaellt|ueberbrueck\w*|verzicht\w*)\b/;

/** Turns of phrase that talk to a language model, not to a fitter. */
const addressed =
  /\b(ignore|disregard|forget|override)\b.{0,40}\b(instruction|instructions|prompt|prompts|rules|above|previous|prior)\b|\b(ignoriere?n?|vergiss|missachte)\b.{0,40}\b(anweisung|anweisungen|vorgaben|regeln)\b|\b(system|developer) prompt\b|\byou are (now )?(an?|the) (ai|assistant|model|language model|chatbot)\b|\bdu bist (jetzt )?(ein|eine|der|die) (ki|assistent|modell|sprachmodell)\b|^\s*(system|assistant|user) ?:|<\/?(system|assistant|instructions?)>|\bas an ai\b|\b(language model|sprachmodell)\b/m;

/** Whether a text warns, or says how to make safe. */
export function isSafetyText(text: string): boolean {
  return safety.test(lowered(text));
}

/** Place of a text's signal word in the order of danger; what has none comes last. */
export function severityOf(text: string): number {
  const word = /\b(danger|gefahr|warning|warnung|caution|vorsicht)\b/.exec(lowered(text))?.[1];
  return word === undefined
    ? 3
    : Math.floor(['danger', 'gefahr', 'warning', 'warnung', 'caution', 'vorsicht'].indexOf(word) / 2);
}

/** Whether a heading says that what follows warns. */
export function isSafetyHeading(heading: string): boolean {
  return /\b(safety|sicherheit)/.test(lowered(heading)) || isSafetyText(heading);
}

/** Whether a safety text would lift a protection instead of asking for one: `no lock-out needed`. */
export function waivesProtection(text: string): boolean {
  const folded = lowered(text);
  return sentences(folded).some(
    (sentence) =>
      safety.test(sentence) &&
      waiver.test(sentence) &&
      !/\b(do|must|darf|duerfen|can) ?(not|nicht)\b|\bnever\b|\bniemals\b|\bnie\b/.test(sentence),
  );
}

/** Whether a text speaks to a language model. It flags, no more: such a passage is never a source of safety or actions. */
export function addressesModel(text: string): boolean {
  return addressed.test(lowered(text));
}

function sentences(text: string): string[] {
  return text.split(/[.!?;\n]+/);
}
