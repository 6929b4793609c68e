/** Lint rules of our own, for what no built-in rule of oxlint finds: how a program must not fail. */
const forbid = (type, message) => ({
  create: (context) => ({ [type]: (node) => context.report({ node, message }) })
})

/** What is told to operators or shown to people: logs, spans, metrics, the console, templates of HTML. */
const tellers = /^((Effect|Console|console)\.(log|annotate|withSpan|debug|error|info|warn)|Metric\.(tagged|update))/

/** `Effect.logInfo` of a callee, `html` of a tag. */
const nameOf = (node) =>
  node?.type === "MemberExpression" ? `${nameOf(node.object)}.${node.property.name ?? ""}` : (node?.name ?? "")

const tells = (node) =>
  (node.type === "CallExpression" && tellers.test(nameOf(node.callee))) ||
  (node.type === "TaggedTemplateExpression" && nameOf(node.tag) === "html")

/** Whether a node is what was secret. */
const opens = (node) => node?.type === "CallExpression" && nameOf(node.callee) === "Redacted.value"

/** Whether a node is a part of what is told. A `Redacted` that is not opened shows itself as <redacted>. */
const isTold = (node) => node !== null && node !== undefined && (tells(node) || isTold(node.parent))

export default {
  meta: { name: "programs" },
  rules: {
    "no-throw": forbid(
      "ThrowStatement",
      "Fail with a tagged error of the contract, or Effect.die for what cannot happen."
    ),
    "no-try": forbid("TryStatement", "Use Effect.try or Effect.tryPromise."),
    "no-told-secret": {
      create: (context) => {
        const opened = new Set()
        const refuse = (node) =>
          context.report({ node, message: "Nothing Redacted is opened in a log, a span, a metric or a page." })
        return {
          VariableDeclarator: ({ id, init }) => void (opens(init) && opened.add(id.name)),
          Identifier: (node) => void (opened.has(node.name) && isTold(node.parent) && refuse(node)),
          CallExpression: (node) => void (opens(node) && isTold(node.parent) && refuse(node))
        }
      }
    },
    "no-date": {
      create: (context) => ({
        NewExpression: (node) => {
          if (node.callee.name === "Date" && node.arguments.length === 0) {
            context.report({ node, message: "Use Clock or DateTime.now." })
          }
        }
      })
    }
  }
}
