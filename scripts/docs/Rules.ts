import { Option, type Schema, SchemaAST as AST } from "effect"

/** What a schema asks of the fields of a message, in words, by the names of its properties. */
export type Rules = (property: string) => string

/** The rules of a request or an answer. */
export const of = (schema: Schema.Schema.All): Rules => {
  const properties = propertiesOf(schema.ast)
  return (property) =>
    properties
      .filter(({ name }) => name === property)
      .map(({ type }) => [...new Set(words(type))].join(", "))
      .reduce((longest, text) => (text.length > longest.length ? text : longest), "")
}

/** The properties on either side of a codec: a field keeps its rules where it has the same name on both. */
export const propertiesOf = (ast: AST.AST): ReadonlyArray<{ readonly name: string; readonly type: AST.AST }> => {
  switch (ast._tag) {
    case "TypeLiteral":
      return ast.propertySignatures.map(({ name, type }) => ({ name: String(name), type }))
    case "Transformation":
      return [...propertiesOf(ast.from), ...propertiesOf(ast.to)]
    case "Refinement":
      return propertiesOf(ast.from)
    case "Union":
      return ast.types.flatMap(propertiesOf)
    case "TupleType":
      return ast.rest.flatMap(({ type }) => propertiesOf(type))
    case "Suspend":
      return propertiesOf(ast.f())
    default:
      return []
  }
}

const words = (ast: AST.AST): ReadonlyArray<string> => {
  switch (ast._tag) {
    case "Refinement":
      return [...words(ast.from), ...limits(ast)]
    case "Union":
      return ast.types.every(AST.isLiteral)
        ? [choice(ast)]
        : [...ast.types.flatMap(words), ...(ast.types.some(AST.isUndefinedKeyword) ? ["may be absent"] : [])]
    case "Transformation":
      return AST.isTypeLiteral(ast.from) ? [] : [...words(ast.from), ...words(ast.to)]
    case "TupleType":
      return ast.elements.length > 0 ? ["at least 1"] : []
    default:
      return []
  }
}

/** A long list goes by its name. */
const choice = (ast: AST.Union): string =>
  ast.types.length > 12
    ? Option.getOrElse(AST.getIdentifierAnnotation(ast), () => `one of ${ast.types.length} words`)
    : `one of ${ast.types.map((type) => `\`${String(type).replaceAll('"', "")}\``).join(" ")}`

const limits = (ast: AST.Refinement): ReadonlyArray<string> => {
  const found: Record<string, unknown> = { ...Option.getOrElse(AST.getJSONSchemaAnnotation(ast), () => ({})) }
  const { maximum, maxItems, maxLength, minimum, pattern } = found
  return [
    ...(minimum === undefined || maximum === undefined ? [] : [`${Number(minimum)} to ${Number(maximum)}`]),
    ...(maxItems === undefined ? [] : [`at most ${Number(maxItems)}`]),
    ...(maxLength === undefined ? [] : [`at most ${Number(maxLength)} characters`]),
    ...(typeof pattern === "string" ? [`\`${pattern.replaceAll("|", "\\|")}\``] : [])
  ]
}
