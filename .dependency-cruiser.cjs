/** The layering of docs/guide/architecture.md: arrows point down only. */
const lib = (...names) => `^libs/(${names.join('|')})/`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps-or-tests',
      comment: 'Specs may use the helpers in test/support.',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['\\.spec\\.ts$', '^libs/[^/]+/test/'] },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'a-library-has-one-door',
      comment: 'Import @slotferry/<lib>, never a file inside it.',
      severity: 'error',
      from: { path: '^(apps|libs|test)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: ['^$1/$2/'] },
    },
    {
      name: 'platform-is-the-ground',
      severity: 'error',
      from: { path: lib('platform') },
      to: { path: '^libs/', pathNot: lib('platform') },
    },
    {
      name: 'cluster-is-pure',
      severity: 'error',
      from: { path: lib('cluster'), pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/cluster/', '^node_modules/yaml/'] },
    },
    {
      name: 'workflow-has-never-heard-of-pika',
      severity: 'error',
      from: { path: lib('workflow') },
      to: { path: '^libs/', pathNot: lib('workflow', 'platform') },
    },
    {
      name: 'drivers-know-the-domain-only',
      severity: 'error',
      from: { path: '^libs/(pika|codis|twemproxy)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', lib('cluster', 'platform')] },
    },
    {
      name: 'inventory-opens-drivers',
      severity: 'error',
      from: { path: lib('inventory') },
      to: { path: lib('workflow', 'migration', 'failover') },
    },
    {
      name: 'workflow-families-stay-apart',
      severity: 'error',
      from: { path: '^libs/(migration|failover)/' },
      to: { path: lib('migration', 'failover'), pathNot: '^libs/$1/' },
    },
    {
      name: 'nothing-shipped-knows-the-sandbox',
      severity: 'error',
      from: {
        path: '^(libs/|apps/(api|migrator|failover|cli)/)',
        pathNot: ['\\.spec\\.ts$', '^libs/[^/]+/test/'],
      },
      to: { path: '^(apps/sandbox|test)/' },
    },
    {
      name: 'no-dev-dependency-in-shipped-code',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '^libs/[^/]+/test/'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/(@types/)?express/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '(^dist|^data)' },
  },
};
