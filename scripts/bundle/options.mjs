// How every bundle of this repository is made: those of the images, of `npm start` and of the bench.
import { readFile } from "node:fs/promises"
import { pathToFileURL } from "node:url"

/**
 * What all bundles have in common: plain ESM, short lines so that a stack trace points at something. What is imported by
 * `import()` is in files of its own, which cost a start neither time nor memory.
 */
export const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);'
  },
  logLevel: "error"
}

const named = /^import \{([^}]+)\} from "(effect|@effect\/[\w-]+)"/gm

/** `import { Effect, type Scope } from "effect"` as `import * as Effect from "effect/Effect"`. */
const deep = (text) =>
  text.replace(named, (_all, names, from) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => {
        const [exported, local = exported] = name.split(" as ")
        return /^[a-z]/.test(exported)
          ? `import { ${name} } from "${from}/Function"`
          : `import * as ${local} from "${from}/${exported}"`
      })
      .join("; ")
  )

/** What libraries import and no program of ours calls, by who imports it: 0.5 MB that would be read at every start. */
const uncalled = [
  // How to make up a non-empty Chunk, which no contract has. Who makes up values imports effect/FastCheck itself.
  { importer: /[/\\]effect[/\\]dist[/\\]esm[/\\]Schema\.js$/, path: "./FastCheck.js", names: ["array"] },
  // The definitions of channelz and ORCA, which no server of ours offers.
  {
    importer: /[/\\]grpc-js[/\\]build[/\\]src[/\\](channelz|orca)\.js$/,
    path: "@grpc/proto-loader",
    names: ["loadSync"]
  }
]

/** Leaves that out, and says so where somebody does call it. */
const leaveOut = ({ onLoad, onResolve }) => {
  for (const { importer, names, path } of uncalled) {
    const filter = new RegExp(`^${path.replaceAll(".", "\\.")}$`)
    onResolve({ filter }, (asked) =>
      importer.test(asked.importer) ? { path, namespace: "uncalled", pluginData: names, sideEffects: false } : undefined
    )
  }
  onLoad({ filter: /./, namespace: "uncalled" }, ({ path, pluginData }) => ({
    contents: pluginData
      .map((name) => `export const ${name} = () => { throw new Error("${name} of ${path} is not in this bundle") }`)
      .join("\n")
  }))
}

/** Where grpc-js tells IPv6 addresses from names. Node 20 does so by an expression that takes 4 ms of a start to compile. */
const tellingAddresses =
  /[/\\]grpc-js[/\\]build[/\\]src[/\\](subchannel-address|resolver-dns|load-balancer-pick-first)\.js$/

/** It asks only for what has a colon, as every one of them does. */
const askLess = ({ onLoad }) =>
  onLoad({ filter: tellingAddresses }, async ({ path }) => {
    const text = await readFile(path, "utf8")
    return { contents: text.replaceAll(/\(0, net_1\.isIPv6\)\(([\w.[\]]+)\)/g, '($1.includes(":") && $&)') }
  })

/**
 * Reads our sources so that a bundle holds what is used of Effect and nothing else: esbuild keeps the whole of a module
 * that it reaches through a barrel, which would be a third of the file and 10 MB of memory. With `whereTheyWere`, modules
 * that read files beside them still know where they were.
 */
export const sources = ({ whereTheyWere = false } = {}) => ({
  name: "sources",
  setup: (build) => {
    leaveOut(build)
    askLess(build)
    build.onLoad({ filter: /[/\\]packages[/\\][^/\\]+[/\\](main|src[/\\].*)\.ts$/ }, async ({ path }) => {
      const text = deep(await readFile(path, "utf8"))
      const contents = whereTheyWere
        ? text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        : text
      return { contents, loader: "ts" }
    })
  }
})
