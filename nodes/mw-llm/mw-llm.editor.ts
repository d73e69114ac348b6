import { ask, button, errorText, type DialogText, type Translating } from '../shared/dialog.editor.ts';

interface LlmNode extends Translating {
  id: string;
}

/** What the route answers. */
interface ProbeAnswer {
  egress: string;
  capabilities?: {
    models: string[];
    isListed: boolean;
    schema: string;
    vision: boolean;
    embeddingLength?: number;
    contextTokens?: number;
  };
  problem?: { code: string; params: Record<string, string> };
}

const settings = ['kind', 'baseUrl', 'model', 'apiVersion', 'embeddingModel', 'egress', 'maxTokens'];
const field = (key: string) => $(`#node-config-input-${key}`);
/** Stands in the field of a key that is stored. */
const storedKey = '__PWRD__';

/** Puts the key beside the address, hides what only Azure needs, and lets the settings be tried as they stand. */
export function oneditprepare(this: LlmNode): void {
  const text: DialogText = (key, params) => this._(`form.${key}`, params);
  const row = (key: string) => field(key).closest('.form-row');
  row('model').after(row('apiKey'));
  const isAzure = () => field('kind').val() === 'azure';
  const show = () => row('apiVersion').toggle(isAzure());
  field('kind').on('change', show);
  show();

  const models = $('<datalist id="mw-llm-models">');
  field('model').attr('list', 'mw-llm-models').after(models);
  const result = $('<div id="mw-llm-result" role="status">').css('margin', '6px 0 12px');
  const test = async () => {
    result.text(text('testing'));
    try {
      draw(await ask<ProbeAnswer>(this, 'POST', 'llm/probe', given(this.id)));
    } catch (failed) {
      result.text((failed as Error).message);
    }
  };
  const draw = ({ egress, capabilities, problem }: ProbeAnswer) => {
    result.empty();
    if (problem) drawProblem(problem);
    if (!capabilities) return;
    models.empty().append(capabilities.models.map((model) => $('<option>').val(model)));
    const rows = rowsOf(text, egress, capabilities).map(([name, value]) =>
      $('<tr>').append($('<th scope="row">').css('text-align', 'left').text(name), $('<td>').text(value)),
    );
    const table = $('<table>').css({ borderSpacing: '8px 2px' }).append($('<tbody>').append(rows));
    const unlisted = capabilities.isListed
      ? []
      : [$('<p>').text(text('notListed', { model: String(field('model').val()) }))];
    result.append($('<p>').text(text('works')), ...unlisted, table);
  };
  const drawProblem = (problem: NonNullable<ProbeAnswer['problem']>) => {
    result.append($('<p>').text(errorText(this, problem)));
    const { suggestion } = problem.params;
    if (suggestion === undefined) return;
    const use = button(text('useAddress', { address: suggestion }), 'check', () => {
      field('baseUrl').val(suggestion).trigger('change');
      void test();
    });
    result.append(use);
  };
  row('apiKey').after(
    $('<div class="form-row">').append(
      button(text('test'), 'plug', () => void test()),
      result,
    ),
  );
}

function given(id: string): object {
  const apiKey = String(field('apiKey').val());
  const typed = settings.map((key): [string, string] => [key, String(field(key).val())]);
  return { ...Object.fromEntries(typed), id, ...(apiKey === '' || apiKey === storedKey ? {} : { apiKey }) };
}

function rowsOf(
  text: DialogText,
  egress: string,
  found: NonNullable<ProbeAnswer['capabilities']>,
): [name: string, value: string][] {
  const { schema, vision, embeddingLength, contextTokens, models } = found;
  return [
    [text('found.schema'), text(`schema.${schema}`)],
    [text('found.vision'), text(vision ? 'yes' : 'no')],
    [
      text('found.embeddings'),
      embeddingLength === undefined ? text('no') : text('length', { length: String(embeddingLength) }),
    ],
    [
      text('found.context'),
      contextTokens === undefined ? text('unknown') : text('tokens', { tokens: String(contextTokens) }),
    ],
    [text('found.models'), models.slice(0, 20).join(', ')],
    [text('found.egress'), text(`egressOptions.${egress}`)],
  ];
}
