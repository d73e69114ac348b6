/** The house as import rules: a room imports from lower floors only, through the other room's index. */
const floors = [
  ['kernel', 'contracts'],
  ['plant', 'statistics', 'learning', 'onnx', 'llm', 'audit'],
  ['store', 'connect', 'signal', 'prognosis', 'vision', 'language', 'documents', 'planning', 'twin', 'trust'],
  ['scenarios', 'training', 'dispatch', 'board', 'demo'],
  ['cli'],
];

const floorRules = floors.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `floor-${floor}-${room}`,
    comment: `${room} imports from lower floors only`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: {
      path: `^(src|nodes)/`,
      pathNot: [
        `^src/${room}/`,
        ...floors
          .slice(0, floor)
          .flat()
          .map((lower) => `^src/${lower}/`),
      ],
    },
  })),
);

const heavy = {
  'node-opcua-client': 'src/connect/opcua/client',
  'node-opcua-certificate-manager': 'src/connect/opcua/client',
  'node-opcua': 'src/connect/opcua/server',
  mqtt: 'src/connect/uns/client',
  aedes: 'src/connect/uns/broker',
  protobufjs: 'src/connect/uns/sparkplug/codec',
  openai: 'src/llm/client',
  '@modelcontextprotocol/sdk': 'src/language/mcp/server',
  minisearch: 'src/language/retrieval/search-index',
  unpdf: 'src/language/retrieval/pdf',
  pg: 'src/store/postgres',
  'pg-copy-streams': 'src/store/postgres',
  sharp: 'src/vision/decode',
};

const heavyRules = Object.entries(heavy).map(([library, file]) => ({
  name: `one-file-${library}`,
  comment: `${library} is imported in ${file}.ts alone`,
  severity: 'error',
  from: { path: '^(src|nodes)/', pathNot: [`^${file}\\.ts$`, '^src/tooling/'] },
  to: { path: `(^|/)node_modules/${library}/`, dependencyTypesNot: ['type-only'] },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'through-the-index',
      comment: "nobody reaches past a room's public face",
      severity: 'error',
      from: { path: '^(src|nodes)/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/[^/]+/index\\.ts$', '^src/$2/', '^src/tooling/'] },
    },
    {
      name: 'no-node-red-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/(node-red|@types/node-red)/' },
    },
    {
      name: 'tooling-is-not-shipped',
      severity: 'error',
      from: { path: '^(src|nodes)/', pathNot: '^src/tooling/' },
      to: { path: '^src/tooling/' },
    },
    ...floorRules,
    ...heavyRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
