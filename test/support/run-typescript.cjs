/** `node -r run-typescript.cjs file.ts`: runs TypeScript of this repository in a process of its own, types not checked. */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const ts = require('typescript');

const root = join(__dirname, '../..');
const { compilerOptions } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
  readFileSync(path, 'utf8'),
).config;
const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, noEmit: false }, root);

require.extensions['.ts'] = (module, file) => {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: options,
    fileName: file,
  });
  module._compile(outputText, file);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const library = /^@slotferry\/([a-z]+)$/.exec(request)?.[1];
  return resolve.call(this, library ? join(root, 'libs', library, 'src/index.ts') : request, ...rest);
};
