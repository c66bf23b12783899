const { join } = require('node:path');
const nodeExternals = require('webpack-node-externals');

/** Types are checked by `npm run check`; the build only translates. */
module.exports = (options, webpack) => ({
  ...options,
  externals: [nodeExternals()],
  output: { ...options.output, libraryTarget: 'commonjs2' },
  devtool: 'source-map',
  optimization: {
    ...options.optimization,
    ...(isCommand(options) && { providedExports: true, usedExports: true, sideEffects: true }),
  },
  module: {
    rules: [
      {
        test: /\.ts$/,
        use: [
          {
            loader: 'ts-loader',
            options: {
              transpileOnly: true,
              configFile: 'tsconfig.json',
              compilerOptions: compilerOptions(options),
            },
          },
        ],
        exclude: /node_modules/,
        sideEffects: !isCommand(options),
      },
    ],
  },
  plugins: [
    ...options.plugins.filter((plugin) => plugin.constructor.name !== 'ForkTsCheckerWebpackPlugin'),
    ...(isCommand(options) ? [new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true })] : []),
  ],
});

/**
 * The command line tool is started for every command, and loads only what it uses of the libraries: with modules that are not translated
 * to CommonJS webpack sees what that is.
 */
function compilerOptions(options) {
  return { noEmit: false, ...(isCommand(options) && { module: 'es2022', moduleResolution: 'bundler' }) };
}

/** The command line tool is started by its name, so its first line says what runs it. */
function isCommand({ entry }) {
  return String(entry).includes(join('apps', 'cli', 'src'));
}
