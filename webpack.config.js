const { join } = require('node:path');
const nodeExternals = require('webpack-node-externals');

/** Types are checked by `npm run check`; the build only translates. */
module.exports = (options, webpack) => ({
  ...options,
  externals: [nodeExternals()],
  output: { ...options.output, libraryTarget: 'commonjs2' },
  devtool: 'source-map',
  module: {
    rules: [
      {
        test: /\.ts$/,
        use: [
          {
            loader: 'ts-loader',
            options: { transpileOnly: true, configFile: 'tsconfig.json', compilerOptions: { noEmit: false } },
          },
        ],
        exclude: /node_modules/,
      },
    ],
  },
  plugins: [
    ...options.plugins.filter((plugin) => plugin.constructor.name !== 'ForkTsCheckerWebpackPlugin'),
    ...(isCommand(options) ? [new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true })] : []),
  ],
});

/** The command line tool is started by its name, so its first line says what runs it. */
function isCommand({ entry }) {
  return String(entry).includes(join('apps', 'cli', 'src'));
}
