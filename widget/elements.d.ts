// The package's own elements as its React components import them: the built files, which are not there before the build.
declare module 'mislata/widget'
