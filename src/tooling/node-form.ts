import type { NodeDefinition } from '../contracts/index.ts';

/** The parts of a JSON Schema that a form row or an editor property is made from. */
export interface PropertySchema {
  type?: string;
  default?: unknown;
  minLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  enum?: string[];
  /** Type of the config node that the property names. */
  'x-node'?: string;
  /** Font Awesome icon of the row, without `fa-`. */
  'x-icon'?: string;
  /** The row has a placeholder text under `form.<property>Hint`. */
  'x-hint'?: boolean;
  /** The row is drawn by the node's own editor code, not by the form. */
  'x-hidden'?: boolean;
}

/** Room for labels of three words, and the control beside it. */
const labelWidth = '165px';
const wide = `width: calc(100% - ${labelWidth} - 20px)`;

/** A node's form, one row per property, out of its config schema; texts by key from the node's catalogue. */
export function nodeForm(definition: NodeDefinition): string {
  const prefix = definition.kind === 'config' ? 'node-config-input' : 'node-input';
  const properties = Object.entries(definition.config.properties as Record<string, PropertySchema>);
  const rows = properties
    .filter(([key, schema]) => key !== 'version' && !schema['x-hidden'])
    .map(([key, schema]) => row(`${prefix}-${key}`, key, schema));
  for (const [key, { type }] of Object.entries(definition.credentials ?? {}))
    rows.push(
      line(
        `${prefix}-${key}`,
        key,
        { 'x-icon': 'key' },
        `<input type="${type}" id="${prefix}-${key}" style="${wide}">`,
      ),
    );
  return rows.join('\n');
}

function row(id: string, key: string, schema: PropertySchema): string {
  if (schema.enum) {
    const options = schema.enum.map(
      (value) => `<option value="${value}" data-i18n="form.${key}Options.${value}"></option>`,
    );
    return line(id, key, schema, `<select id="${id}" style="${wide}">${options.join('')}</select>`);
  }
  if (schema.type === 'boolean')
    return line(id, key, schema, `<input type="checkbox" id="${id}" style="width: auto; vertical-align: top">`);
  if (schema.type === 'integer' || schema.type === 'number') {
    const limits = [
      schema.type === 'number' ? ' step="any"' : '',
      schema.minimum === undefined ? '' : ` min="${schema.minimum}"`,
      schema.maximum === undefined ? '' : ` max="${schema.maximum}"`,
    ];
    return line(id, key, schema, `<input type="number" id="${id}" style="width: 110px"${limits.join('')}>`);
  }
  const hint = schema['x-hint'] ? ` data-i18n="[placeholder]form.${key}Hint"` : '';
  return line(id, key, schema, `<input type="text" id="${id}" style="${wide}"${hint}>`);
}

function line(id: string, key: string, schema: PropertySchema, control: string): string {
  const text = key === 'name' ? 'common.name' : `form.${key}`;
  const icon = schema['x-icon'] ?? (key === 'name' ? 'tag' : schema['x-node'] ? 'cog' : 'sliders');
  return `<div class="form-row">
  <label for="${id}" style="width: ${labelWidth}"><i class="fa fa-${icon}"></i> <span data-i18n="${text}"></span></label>
  ${control}
</div>`;
}
