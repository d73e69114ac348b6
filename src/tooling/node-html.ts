import type { NodeDefinition } from '../contracts/index.ts';
import type { PropertySchema } from './node-form.ts';

/** What a node's editor file contributes, beside the generated parts. */
export interface EditorSource {
  /** The form's html. */
  form: string;
  /** Bundled script that sets the named global, and the handlers that it exports. */
  script?: { code: string; global: string; handlers: string[] };
}

/** Colours of the palette, by kind of work. */
const colour = '#8fb8c9';

/** The html that Node-RED's editor loads for one node: generated, so that editor and runtime cannot drift apart. */
export function nodeHtml(moduleName: string, definition: NodeDefinition, editor: EditorSource): string {
  const { type } = definition;
  const script = editor.script ? `<script type="text/javascript">\n${editor.script.code.trim()}\n</script>\n` : '';
  return `${script}<script type="text/javascript">
RED.nodes.registerType('${type}', {
${registration(moduleName, definition, editor).join(',\n')}
});
${absentSettings(type)}
</script>
<script type="text/html" data-template-name="${type}">
${editor.form.trim()}
</script>
`;
}

/**
 * Gives a node that comes without a setting its default, as the runtime does: flows from before the setting existed,
 * or written by hand, are valid and open in their dialog.
 */
function absentSettings(type: string): string {
  return `RED.events.on('nodes:add', function (node) {
  if (node.type !== '${type}') return;
  Object.entries(node._def.defaults).forEach(function ([key, { value }]) {
    if (key !== 'version') node[key] ??= structuredClone(value);
  });
});`;
}

function registration(moduleName: string, definition: NodeDefinition, editor: EditorSource): string[] {
  const { type, kind, credentials } = definition;
  const catalogue = `${moduleName}/${type}:`;
  const properties = definition.config.properties as Record<string, PropertySchema>;
  const defaults = Object.entries(properties).map(([key, schema]) => `    ${key}: ${property(catalogue, key, schema)}`);
  const lines = [
    `  category: '${kind === 'config' ? 'config' : 'millwright'}'`,
    `  defaults: {\n${defaults.join(',\n')}\n  }`,
    `  label: function () { return this.name || ${definition.label ? `this.${definition.label} || ` : ''}RED._('${catalogue}palette'); }`,
    `  paletteLabel: function () { return RED._('${catalogue}palette'); }`,
  ];
  if (credentials) lines.push(`  credentials: ${JSON.stringify(credentials)}`);
  if (kind === 'flow') {
    lines.push(
      `  color: '${colour}'`,
      `  icon: '${definition.icon}'`,
      `  inputs: ${String(definition.inputs)}`,
      `  outputs: ${String(definition.outputs)}`,
      `  labelStyle: function () { return this.name ? 'node_label_italic' : ''; }`,
    );
    if (definition.outputLabels)
      lines.push(
        `  outputLabels: function (index) { return RED._('${catalogue}outputs.' + ${JSON.stringify(definition.outputLabels)}[index]); }`,
      );
  }
  for (const handler of editor.script?.handlers ?? []) {
    const call = `function () { return ${editor.script?.global ?? ''}.${handler}.apply(this, arguments); }`;
    lines.push(handler === 'onbutton' ? `  button: { onclick: ${call} }` : `  ${handler}: ${call}`);
  }
  return lines;
}

function property(catalogue: string, key: string, schema: PropertySchema): string {
  // As text: the editor leaves a new config node's field empty where the default is falsy.
  const parts = [`value: ${JSON.stringify(schema.default === 0 ? '0' : (schema.default ?? ''))}`];
  if (schema['x-node']) parts.push(`type: '${schema['x-node']}'`);
  if (schema.minLength) parts.push('required: true');
  else if (schema['x-node']) parts.push('required: false');
  const test = key === 'version' ? '' : validator(catalogue, schema);
  // With two parameters the editor takes a text for the reason of a fault; with one it would take it for "valid".
  if (test) parts.push(`validate: function (v, _withReason) { ${test} return true; }`);
  return `{ ${parts.join(', ')} }`;
}

/** The body of a validator: returns the reason as text where a value breaks its schema. */
function validator(catalogue: string, schema: PropertySchema): string {
  const reason = (key: string, params = '') => `return RED._('${catalogue}invalid.${key}'${params});`;
  const tests: string[] = [];
  if (schema.minLength) tests.push(`if (!v || v === '_ADD_') ${reason('required')}`);
  if (schema.type === 'array') tests.push(`if (!Array.isArray(v)) ${reason('form')}`);
  if (schema.enum) tests.push(`if (${JSON.stringify(schema.enum)}.indexOf(v) < 0) ${reason('choice')}`);
  if (schema.pattern) tests.push(`if (v && !new RegExp(${JSON.stringify(schema.pattern)}).test(v)) ${reason('form')}`);
  if (schema.type === 'number' || schema.type === 'integer') {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    const limits = `{ min: ${JSON.stringify(String(minimum))}, max: ${JSON.stringify(String(maximum))} }`;
    const whole = schema.type === 'integer' ? ' || Number(v) % 1 !== 0' : '';
    tests.push(
      `if (v === '' || isNaN(Number(v)) || Number(v) < ${String(minimum)} || Number(v) > ${String(maximum)}${whole}) ${reason('number', `, ${limits}`)}`,
    );
  }
  if (tests.length === 0) return '';
  return `if (/^\\$\\{[^}]+\\}$/.test(v)) return true; ${tests.join(' ')}`;
}
