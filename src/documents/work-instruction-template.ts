import type { DocumentLocale } from './document-model.ts';

/** A line of a template; left out where the value that it needs does not exist. */
interface TemplateLine {
  text: string;
  needs?: string;
}

/** A labelled line of a template. */
interface TemplateRow extends TemplateLine {
  label: string;
}

/** The words of a work instruction in one language. They hold no digit: numbers come from values only. */
export interface WorkInstructionTemplate {
  title: TemplateLine;
  safety: { heading: string; text: TemplateLine };
  changes: {
    heading: string;
    machine: { label: string; before: string; after: string };
    start: { label: string; before: string; after: string };
    added: { label: string; before: string; after: string };
  };
  facts: { heading: string; rows: TemplateRow[] };
  steps: { heading: string; items: TemplateLine[] };
  materials: { heading: string; columns: string[]; cells: string[] };
  staging: { heading: string; columns: string[]; cells: string[] };
}

/** The work instruction, by language. */
export const workInstructionTemplates: Record<DocumentLocale, WorkInstructionTemplate> = {
  en: {
    title: { text: 'Work instruction: {{operation}} {{materialName}} on {{machine}}' },
    safety: {
      heading: 'Safety',
      text: {
        text: 'The plant data holds no safety instruction for {{machine}}. The rules posted at the machine apply.',
      },
    },
    changes: {
      heading: 'Changed against the previous plan',
      machine: { label: 'Machine', before: '{{previousMachine}}', after: '{{machine}}' },
      start: { label: 'Start', before: '{{previousStart}}', after: '{{start}}' },
      added: { label: 'Start', before: 'not planned', after: '{{start}}' },
    },
    facts: {
      heading: 'Job',
      rows: [
        { label: 'Job order', text: '{{jobOrder}}' },
        { label: 'Product', text: '{{material}}, {{materialName}}' },
        { label: 'Quantity', text: '{{quantity}}' },
        { label: 'Already good', text: '{{goodQuantity}}', needs: 'goodQuantity' },
        { label: 'Operation', text: '{{sequence}}, {{operation}}' },
        { label: 'Routing', text: '{{workMaster}}, version {{workMasterVersion}}' },
        { label: 'Machine', text: '{{machine}}' },
        { label: 'Setup family', text: '{{setupFamily}}', needs: 'setupFamily' },
        { label: 'Qualification', text: '{{qualification}}', needs: 'qualification' },
        { label: 'Planned operator', text: '{{person}}', needs: 'person' },
        { label: 'Start, setup included', text: '{{start}}' },
        { label: 'End', text: '{{end}}' },
        { label: 'Order due', text: '{{due}}' },
        { label: 'Time zone', text: '{{timeZone}}' },
        { label: 'Plan', text: '{{plan}}' },
        { label: 'Approval', text: '{{approval}}', needs: 'approval' },
      ],
    },
    steps: {
      heading: 'Steps',
      items: [
        { text: 'Check that job order {{jobOrder}} is next at {{machine}}.' },
        { text: 'Compare the staged material with the list below.', needs: 'stagedMaterial' },
        { text: 'Set up {{machine}}; planned time {{setup}}.', needs: 'setup' },
        { text: 'Make {{quantity}} of {{material}}; planned time per part {{timePerUnit}}.' },
        { text: 'Report good, scrapped and reworked parts under job order {{jobOrder}}.' },
      ],
    },
    materials: {
      heading: 'Material used',
      columns: ['Material', 'Name', 'For each part'],
      cells: ['{{usedMaterial}}', '{{usedName}}', '{{usedPerUnit}}'],
    },
    staging: {
      heading: 'Material to stage',
      columns: ['Material', 'Lot', 'Quantity', 'From', 'To', 'Needed at'],
      cells: [
        '{{stagedMaterial}}',
        '{{stagedLot}}',
        '{{stagedQuantity}}',
        '{{stagedFrom}}',
        '{{stagedTo}}',
        '{{stagedAt}}',
      ],
    },
  },
  de: {
    title: { text: 'Arbeitsanweisung: {{operation}} {{materialName}} an {{machine}}' },
    safety: {
      heading: 'Sicherheit',
      text: {
        text: 'In den Stammdaten steht keine Sicherheitsanweisung für {{machine}}. Es gelten die Regeln, die an der Maschine aushängen.',
      },
    },
    changes: {
      heading: 'Geändert gegenüber dem vorigen Plan',
      machine: { label: 'Maschine', before: '{{previousMachine}}', after: '{{machine}}' },
      start: { label: 'Beginn', before: '{{previousStart}}', after: '{{start}}' },
      added: { label: 'Beginn', before: 'nicht geplant', after: '{{start}}' },
    },
    facts: {
      heading: 'Auftrag',
      rows: [
        { label: 'Arbeitsgang', text: '{{jobOrder}}' },
        { label: 'Produkt', text: '{{material}}, {{materialName}}' },
        { label: 'Menge', text: '{{quantity}}' },
        { label: 'Bereits gut', text: '{{goodQuantity}}', needs: 'goodQuantity' },
        { label: 'Vorgang', text: '{{sequence}}, {{operation}}' },
        { label: 'Arbeitsplan', text: '{{workMaster}}, Fassung {{workMasterVersion}}' },
        { label: 'Maschine', text: '{{machine}}' },
        { label: 'Rüstfamilie', text: '{{setupFamily}}', needs: 'setupFamily' },
        { label: 'Qualifikation', text: '{{qualification}}', needs: 'qualification' },
        { label: 'Eingeplant', text: '{{person}}', needs: 'person' },
        { label: 'Beginn mit Rüsten', text: '{{start}}' },
        { label: 'Ende', text: '{{end}}' },
        { label: 'Auftrag fällig', text: '{{due}}' },
        { label: 'Zeitzone', text: '{{timeZone}}' },
        { label: 'Plan', text: '{{plan}}' },
        { label: 'Freigabe', text: '{{approval}}', needs: 'approval' },
      ],
    },
    steps: {
      heading: 'Schritte',
      items: [
        { text: 'Prüfen, dass {{jobOrder}} an {{machine}} als Nächstes ansteht.' },
        { text: 'Das bereitgestellte Material mit der Liste unten vergleichen.', needs: 'stagedMaterial' },
        { text: '{{machine}} rüsten; geplante Zeit {{setup}}.', needs: 'setup' },
        { text: '{{quantity}} {{material}} fertigen; geplante Zeit je Teil {{timePerUnit}}.' },
        { text: 'Gutteile, Ausschuss und Nacharbeit unter {{jobOrder}} melden.' },
      ],
    },
    materials: {
      heading: 'Verwendetes Material',
      columns: ['Material', 'Name', 'Je Teil'],
      cells: ['{{usedMaterial}}', '{{usedName}}', '{{usedPerUnit}}'],
    },
    staging: {
      heading: 'Bereitzustellendes Material',
      columns: ['Material', 'Los', 'Menge', 'Von', 'Nach', 'Bis'],
      cells: [
        '{{stagedMaterial}}',
        '{{stagedLot}}',
        '{{stagedQuantity}}',
        '{{stagedFrom}}',
        '{{stagedTo}}',
        '{{stagedAt}}',
      ],
    },
  },
};
