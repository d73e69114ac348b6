import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  buildWorkInstruction,
  checkInstruction,
  checkRendered,
  renderHtml,
  renderMarkdown,
  type DocumentModel,
  type InstructionFacts,
  type SourcedValue,
} from '../../src/documents/index.ts';
import { valuesOf } from '../../src/documents/document-model.ts';
import { htmlText } from '../../src/documents/render-html.ts';
import { workInstructionTemplates } from '../../src/documents/work-instruction-template.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import { turningFacts } from './facts.ts';

const header = { documentId: 'work-instruction/WO-26001/10/en', revision: 2, locale: 'en' } as const;
const build = (facts: InstructionFacts = turningFacts(), locale: 'en' | 'de' = 'en') =>
  buildWorkInstruction(facts, { ...header, locale });

describe('the work instruction', () => {
  it('says what the plant data says, in the site’s zone, with what changed highlighted', () => {
    const text = renderMarkdown(build());
    for (const line of [
      '# Work instruction: Turn Shaft 20 on CNC-21',
      '- Machine: CNC-22 → **CNC-21**',
      '- Start: 24 Nov 2026, 10:00 → **24 Nov 2026, 10:10**',
      '| Quantity | 120 pcs |',
      '| Qualification | machining |',
      '| Order due | 24 Nov 2026, 17:00 |',
      '2. Compare the staged material with the list below.',
      '3. Set up CNC-21; planned time 5 min.',
      '4. Make 120 pcs of SH-20; planned time per part 40 s.',
      '| BAR-20 | Steel bar 20 mm | 0.25 m |',
      '| BAR-20 | LOT-7 | 30 m | STORE | CNC-21 | 24 Nov 2026, 10:10 |',
    ])
      assert.ok(text.split('\n').includes(line), `${line}\n---\n${text}`);
  });

  it('says it in German, with German numbers and dates', () => {
    const text = renderMarkdown(build(turningFacts(), 'de'));
    for (const line of [
      '# Arbeitsanweisung: Turn Shaft 20 an CNC-21',
      '- Beginn: 24.11.2026, 10:00 → **24.11.2026, 10:10**',
      '| BAR-20 | Steel bar 20 mm | 0,25 m |',
    ])
      assert.ok(text.split('\n').includes(line), `${line}\n---\n${text}`);
  });

  it('keeps wall-clock times across the end of daylight saving', () => {
    const facts = turningFacts();
    facts.entry.start = Date.parse('2026-10-25T00:30:00Z');
    facts.entry.end = Date.parse('2026-10-25T02:30:00Z');
    const text = renderMarkdown(build(facts));
    assert.ok(text.includes('| Start, setup included | 25 Oct 2026, 02:30 |'), text);
    assert.ok(text.includes('| End | 25 Oct 2026, 03:30 |'), text);
  });

  it('invents no safety rule and is never approved by itself', () => {
    const document = build();
    assert.equal(document.status, 'draft');
    assert.ok(renderMarkdown(document).includes('> The plant data holds no safety instruction for CNC-21.'));
  });

  it('leaves out what the plant data does not hold, and refuses to go without what it must say', () => {
    const facts = turningFacts();
    delete facts.entry.personId;
    facts.entry.setupSeconds = 0;
    delete facts.previous;
    const text = renderMarkdown(build({ ...facts, staging: [] }));
    for (const words of ['Planned operator', 'Set up', 'Compare the staged', 'Material to stage'])
      assert.ok(!text.includes(words), words);
    assert.ok(text.includes('- Start: not planned → **24 Nov 2026, 10:10**'));

    facts.entry.equipmentId = 'WASH-24';
    assert.throws(() => build(facts), { code: 'MW_INSTRUCTION_INVALID' });
    facts.jobOrder.segmentId = 'polish';
    assert.throws(
      () => build(facts),
      (thrown) => thrown instanceof MillwrightError && thrown.code === 'MW_JOB_ORDER_UNKNOWN',
    );
  });

  it('has templates without digits that name the same values in both languages', () => {
    const namesIn = (value: unknown) => [...JSON.stringify(value).matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
    for (const template of Object.values(workInstructionTemplates)) {
      assert.doesNotMatch(JSON.stringify(template), /\p{N}/u);
      assert.deepEqual(namesIn(template), namesIn(workInstructionTemplates.en));
    }
  });
});

describe('checks of a work instruction', () => {
  it('find nothing wrong with correct ones', () => {
    for (const locale of ['en', 'de'] as const) {
      const document = build(turningFacts(), locale);
      assert.deepEqual(checkInstruction(document, turningFacts()), []);
      assert.deepEqual(checkRendered(document, 'markdown', renderMarkdown(document)), []);
      assert.deepEqual(checkRendered(document, 'html', renderHtml(document)), []);
    }
  });

  it('find every value that is damaged, one at a time', () => {
    const count = valuesOf(build()).length;
    assert.ok(count > 30, String(count));
    for (let i = 0; i < count; i++)
      for (const damage of damages) {
        const document = structuredClone(build());
        const { value, pointer } = valuesOf(document)[i]!;
        if (!damage(value)) continue;
        assert.ok(
          checkInstruction(document, turningFacts()).some((problem) => problem.pointer === pointer),
          `${pointer} ${JSON.stringify(value)}`,
        );
      }
  });

  it('find numbers that stand in the words', () => {
    const document = build();
    const steps = document.blocks.find((block) => block.type === 'steps')!;
    steps.items[0]!.push(' Torque 25 Nm.');
    assert.deepEqual(
      checkInstruction(document, turningFacts()).map((problem) => problem.rule),
      ['number-without-source'],
    );
    steps.items[0]!.pop();
    steps.items[0]!.push(' Torque {{torque}}, half: ½.');
    assert.deepEqual(
      checkInstruction(document, turningFacts()).map((problem) => problem.rule),
      ['number-without-source', 'placeholder-left'],
    );
  });

  it('find a wrong, missing or added number in a rendered document, whichever it is', () => {
    const document = build();
    for (const [form, rendered] of [
      ['markdown', renderMarkdown(document)],
      ['html', renderHtml(document)],
    ] as const) {
      const body = form === 'html' ? rendered.indexOf('<body>') : 0;
      const places = [...rendered.slice(body).matchAll(/\d+/g)].map((m) => m.index + body);
      let shown = 0;
      for (const at of places) {
        const before = rendered.slice(0, at);
        // List numbers, the tags' own names and attributes (a heading's level, a source) are not text.
        const inTag = form === 'html' && before.lastIndexOf('<') > before.lastIndexOf('>');
        const listNumber = form === 'markdown' && /^\d+\. /.test(rendered.slice(at)) && /(^|\n)$/.test(before);
        if (inTag || listNumber) continue;
        shown++;
        const digit = String((Number(rendered[at]) + 1) % 10);
        for (const wrong of [digit, '', `${digit}${rendered[at]!}`, `${rendered[at]!} 7 `])
          assert.equal(
            checkRendered(document, form, before + wrong + rendered.slice(at + 1))[0]?.rule,
            'rendered-number-differs',
            `${form}: ${before.slice(-20)}[${wrong}]${rendered.slice(at + 1, at + 20)}`,
          );
      }
      assert.ok(shown > 60, String(shown));
    }
  });

  it('find a machine, person or material that does not fit, and a document about something else', () => {
    const rules = (
      change: (facts: InstructionFacts) => void,
      damage: (document: DocumentModel) => void = () => undefined,
    ) => {
      const facts = turningFacts();
      const document = build();
      change(facts);
      damage(document);
      return checkInstruction(document, facts).map((problem) => problem.rule);
    };
    assert.ok(rules((f) => (f.entry.equipmentId = 'WASH-24')).includes('machine-unfit'));
    assert.ok(
      rules((f) => (f.model.equipment = f.model.equipment.filter((e) => e.equipmentId !== 'CNC-21'))).includes(
        'machine-unfit',
      ),
    );
    assert.ok(rules((f) => (f.entry.personId = 'OP-02')).includes('qualification-missing'));
    assert.ok(
      rules((f) => {
        delete f.entry.personId;
        f.model.persons = [];
      }).includes('qualification-missing'),
    );
    assert.ok(
      rules((f) => (f.model.materials = f.model.materials.filter((m) => m.materialId !== 'BAR-20'))).includes(
        'material-unknown',
      ),
    );
    assert.ok(rules((f) => (f.jobOrder.quantity = 121)).includes('value-differs'));
    assert.ok(rules((f) => (f.planId = 'PLAN-2')).includes('wrong-job'));
    assert.ok(
      rules(
        () => undefined,
        (d) => {
          const facts = d.blocks.find((block) => block.type === 'facts')!;
          facts.rows = [];
          const steps = d.blocks.find((block) => block.type === 'steps')!;
          steps.items = [];
        },
      ).includes('quantity-missing'),
    );
  });
});

describe('rendering text from anywhere', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...Array.from('<>&"\'/\\`*_[]()#|~!-+=.1:;{}$@^ \n\t\r')), maxLength: 40 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '</td></table><img src=x onerror=alert(1)>',
      '&lt;b&gt;',
      '&#60;',
      '-->',
      '](javascript:alert(1))',
      '**bold**',
      '| cell |',
      '1. item',
      '- item',
      '# title',
      'https://evil.example',
      'www.evil.example',
      'a@evil.example',
      '`code`',
      '~~x~~',
      '<!-- -->',
      '\\',
      '\\|',
      '{{jobOrder}}',
      '***',
      '<https://evil.example>',
      '\u202Eabc',
    ),
  );
  const withText = (material: string, operation: string, customer: string): DocumentModel => {
    const facts = turningFacts();
    facts.model.materials[0]!.name = material;
    facts.model.workMasters[0]!.segments[0]!.name = operation;
    facts.model.persons[0]!.qualificationIds = [customer];
    facts.model.workMasters[0]!.segments[0]!.qualificationId = customer;
    return build(facts);
  };
  /** What a reader sees of a text: one line, no invisible characters. */
  const seen = (text: string) =>
    text
      .toWellFormed()
      .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .replace(/\p{Cf}/gu, '')
      .trim();

  it('never becomes HTML markup', () => {
    const tags = (html: string) => html.match(/<[^>]*>/g)!.map((tag) => tag.replace(/ title="[^"]*"/, ' title'));
    const plain = tags(renderHtml(withText('a', 'b', 'c')));
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const html = renderHtml(withText(a, b, c));
        assert.deepEqual(tags(html), plain);
        const text = htmlText(html).replace(/\s+/g, ' ');
        for (const input of [a, b, c]) assert.ok(text.includes(seen(input)), JSON.stringify(input));
      }),
      { numRuns: 300 },
    );
  });

  it('never becomes Markdown markup, nor HTML by way of it', async () => {
    const { default: MarkdownIt } = await import('markdown-it');
    const reader = new MarkdownIt({ html: true, linkify: true });
    const tags = (markdown: string) => reader.render(markdown).match(/<[^>]*>/g) ?? [];
    const atMachine = (equipmentId: string) => {
      const facts = turningFacts();
      facts.entry.equipmentId = equipmentId;
      facts.model.workMasters[0]!.segments[0]!.equipment[0]!.equipmentId = equipmentId;
      return renderMarkdown(build(facts, 'de'));
    };
    // A machine's name stands at the beginning of a line and in bold.
    const plainMachine = tags(atMachine('CNC-21'));
    fc.assert(
      fc.property(
        hostile.filter((text) => seen(text) !== ''),
        (text) => {
          assert.deepEqual(tags(atMachine(text)), plainMachine, atMachine(text));
        },
      ),
      { numRuns: 300 },
    );
    const plain = tags(renderMarkdown(withText('a', 'b', 'c')));
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        // An empty name leaves an empty cell, which is no markup either.
        const markdown = renderMarkdown(withText(`x${a}`, `x${b}`, `x${c}`));
        assert.deepEqual(tags(markdown), plain, markdown);
        assert.deepEqual(checkRendered(withText(`x${a}`, `x${b}`, `x${c}`), 'markdown', markdown), []);
      }),
      { numRuns: 300 },
    );
  });
});

/** Ways to damage a value; each says whether it did. */
const damages: ((value: SourcedValue) => boolean)[] = [
  (value) => {
    if (typeof value.value === 'number') value.value += 1;
    else
      value.value =
        value.kind === 'instant' ? new Date(Date.parse(value.value) + 60_000).toISOString() : `${value.value}9`;
    return true;
  },
  (value) => {
    if (value.kind !== 'quantity') return false;
    value.unit = 'kg';
    return true;
  },
  (value) => {
    if (value.kind !== 'quantity') return false;
    value.unit = '';
    return true;
  },
  (value) => {
    value.source.field = 'other';
    return true;
  },
  (value) => {
    value.source.id = 'elsewhere';
    return true;
  },
];
