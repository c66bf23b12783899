const nodeExternals = require('webpack-node-externals');

/** Types are checked by `npm run check`; the build only translates. */
module.exports = (options) => ({
  ...options,
  externals: [nodeExternals()],
  output: { ...options.output, libraryTarget: 'commonjs2' },
  devtool: 'source-map',
  module: {
    rules: [
      {
        test: /\.ts$/,
        use: [{ loader: 'ts-loader', options: { transpileOnly: true, configFile: 'tsconfig.json', compilerOptions: { noEmit: false } } }],
        exclude: /node_modules/,
      },
    ],
  },
  plugins: options.plugins.filter((plugin) => plugin.constructor.name !== 'ForkTsCheckerWebpackPlugin'),
});
