export * from './check-instruction.ts';
export * from './document-model.ts';
export * from './issue-instructions.ts';
export * from './ports.ts';
export * from './render-html.ts';
export * from './render-markdown.ts';
export * from './work-instruction.ts';
