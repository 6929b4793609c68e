/** Lint rules of our own, for what no built-in rule of oxlint finds: how a program must not fail. */
const forbid = (type, message) => ({
  create: (context) => ({ [type]: (node) => context.report({ node, message }) })
})

export default {
  meta: { name: "programs" },
  rules: {
    "no-throw": forbid(
      "ThrowStatement",
      "Fail with a tagged error of the contract, or Effect.die for what cannot happen."
    ),
    "no-try": forbid("TryStatement", "Use Effect.try or Effect.tryPromise."),
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
