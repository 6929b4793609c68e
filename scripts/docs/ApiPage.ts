import { Completes, Deadline, Idempotent } from "@retro/contract/Contract"
import { tiers } from "@retro/process/Tiers"
import { Array, Context, Duration, Schema, type SchemaAST as AST } from "effect"
import * as Docstrings from "./Docstrings.ts"
import * as Proto from "./Proto.ts"
import * as Rpcs from "./Rpcs.ts"
import * as Rules from "./Rules.ts"
import { table } from "./Table.ts"

const proto = Proto.read()
const docstrings = Docstrings.read()

/** The reference of every rpc: docs/api.md. */
export const make = (): string => {
  const services = Array.groupBy(Rpcs.all, ({ service }) => service)
  return [
    "# API",
    "<!-- Written by `npm run docs` from the contracts and protos. Do not edit. -->",
    `Every rpc of every service: what it asks, what it answers, and how it fails. The types are the proto's; the rules are the contract's, and a request that breaks one is refused as \`BadRequest\` with the names of its fields. Beside the errors listed, any call can fail with the three of [transport](typed-errors.md#verdict-or-no-verdict). A program may also ask part of this as JSON, at \`/rpc\` of the website ([ShopApi](../packages/contract/src/ShopApi.ts)).`,
    `A call waits for its deadline at most, or for what its own caller has left. What is _idempotent_ may be asked again when there was no answer; what _completes_ runs to its end when the caller hangs up.`,
    Object.keys(services)
      .map((service) => `[${service}](#${service.toLowerCase()})`)
      .join(" · ") + " · [Messages](#messages)",
    ...Object.entries(services).flatMap(([service, rpcs]) => section(service, rpcs)),
    "## Messages",
    ...Array.map(shared(), typeSection)
  ].join("\n\n")
}

const section = (service: string, [first, ...rest]: Array.NonEmptyArray<Rpcs.AnyRpc>): ReadonlyArray<string> => {
  const { file = "", text = "" } = docstrings.get(service) ?? {}
  const { address, port } = tiers[first.tier]
  return [
    `## ${service}`,
    `${text} Answered by \`${first.tier}\` (port ${port}, \`${address}\`); declared in [${service}](../${file}).`,
    ...[first, ...rest].flatMap(rpcSection)
  ]
}

const rpcSection = (each: Rpcs.AnyRpc): ReadonlyArray<string> => {
  const { failures, path, rpc } = each
  const method = proto.methods.get(path)
  if (method === undefined) throw new Error(`no method ${path} in proto/`)
  const errors = failures.map(({ _tag, status }) => `[${_tag}](typed-errors.md#on-the-wire) \`${status.grpc}\``)
  return [
    `### ${Rpcs.nameOf(each)}`,
    [method.comment, `\`${path}\``, promises(rpc.annotations)].filter((line) => line !== "").join("<br>"),
    `Asks ${described(method.request, rpc.payloadSchema)}`,
    `Answers ${described(method.response, rpc.successSchema)}`,
    errors.length === 0 ? "" : `Fails with ${errors.join(", ")}.`
  ]
}

const promises = (annotations: Context.Context<never>): string =>
  [
    `deadline ${Duration.format(Context.get(annotations, Deadline))}`,
    ...(Context.get(annotations, Idempotent) ? ["idempotent"] : []),
    ...(Context.get(annotations, Completes) ? ["completes"] : [])
  ].join(" · ")

/** A message that only this rpc has, field by field; another one by its name. */
const described = (name: string, schema: Schema.Schema.All): string => {
  const type = proto.types.get(name)
  if (type?.kind !== "message" || type.fields.length === 0) return "nothing."
  return isOwn(name) ? `\`${type.name}\`:\n\n${fieldTable(type, Rules.of(schema))}` : `${link(name)}.`
}

const isOwn = (name: string): boolean => /(Request|Response)$/.test(name)

const fieldTable = ({ fields }: Proto.Message, rules: Rules.Rules): string =>
  table(
    ["field", "type", "rule", "meaning"],
    fields.map((field) => [
      `\`${field.name}\` = ${field.number}`,
      `${field.repeated ? "repeated " : ""}${link(field.type)}`,
      rules(field.property),
      field.comment
    ])
  )

const typeSection = (name: string): string => {
  const type = proto.types.get(name)
  if (type === undefined) return ""
  const body =
    type.kind === "enum"
      ? table(
          ["value", "meaning"],
          type.values.map((value) => [`\`${value.name}\` = ${value.number}`, value.comment])
        )
      : fieldTable(type, Rules.of(Schema.Union(...(schemas.get(name) ?? []).map((ast) => Schema.make(ast)))))
  return [`### ${type.name}`, type.comment, body].filter((part) => part !== "").join("\n\n")
}

/** A message or enum of ours by its name, a scalar as it is. */
const link = (type: string): string => {
  const name = type.replace("retrostation.", "")
  return proto.types.has(type) ? `[${name}](#${name.toLowerCase()})` : `\`${name}\``
}

/** The schemas that each message of more than one rpc is held to. */
const schemas = new Map<string, Array<AST.AST>>()

const collect = (name: string, ast: AST.AST): void => {
  const type = proto.types.get(name)
  const known = schemas.get(name) ?? []
  if (type === undefined || known.includes(ast)) return
  schemas.set(name, [...known, ast])
  if (type.kind === "enum") return
  for (const field of type.fields) {
    for (const { name: property, type: inner } of Rules.propertiesOf(ast)) {
      if (property === field.property) collect(field.type, inner)
    }
  }
}

/** The messages and enums that fields and answers are made of, by name. */
const shared = (): ReadonlyArray<string> => {
  for (const { path, rpc } of Rpcs.all) {
    const method = proto.methods.get(path)
    if (method === undefined) continue
    collect(method.request, rpc.payloadSchema.ast)
    collect(method.response, rpc.successSchema.ast)
  }
  return [...schemas.keys()].filter((name) => !isOwn(name) && name !== "retrostation.Empty").sort()
}
