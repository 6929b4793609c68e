import { Schema, SchemaAST as AST } from "effect"

/**
 * The JSON form of a message's schema: the same fields, with every int64 as a decimal string, since JSON numbers lose
 * digits above 2⁵³. Used wherever a message is text: the catalogue file, the typed API, the journal, error details.
 */
export const codec = <A, I, R>(schema: Schema.Schema<A, I, R>): Schema.Schema<A, JsonOf<I>, R> => {
  const encoded = Schema.make<I, JsonOf<I>>(jsonOf(AST.encodedAST(schema.ast)))
  return Schema.compose(encoded, schema)
}

/** What JSON has in place of a message's field. */
export type JsonOf<I> = I extends bigint
  ? string
  : I extends ReadonlyArray<infer E>
    ? ReadonlyArray<JsonOf<E>>
    : I extends object
      ? { readonly [K in keyof I]: JsonOf<I[K]> }
      : I

const int64 = Schema.transform(
  Schema.String.pipe(Schema.pattern(/^-?\d{1,20}$/, { message: () => "not an integer in decimal digits" })),
  Schema.BigIntFromSelf,
  { strict: true, decode: (text) => BigInt(text), encode: String }
)

const jsonOf = (ast: AST.AST): AST.AST => {
  switch (ast._tag) {
    case "BigIntKeyword":
      return int64.ast
    case "TypeLiteral":
      return new AST.TypeLiteral(
        ast.propertySignatures.map(
          (p) =>
            new AST.PropertySignature(
              p.name,
              jsonOf(p.type),
              p.isOptional || allowsUndefined(p.type),
              p.isReadonly,
              p.annotations
            )
        ),
        ast.indexSignatures.map((i) => new AST.IndexSignature(i.parameter, jsonOf(i.type), i.isReadonly)),
        ast.annotations
      )
    case "TupleType":
      return new AST.TupleType(
        ast.elements.map((e) => new AST.OptionalType(jsonOf(e.type), e.isOptional, e.annotations)),
        ast.rest.map((r) => new AST.Type(jsonOf(r.type), r.annotations)),
        ast.isReadonly,
        ast.annotations
      )
    case "Union":
      return AST.Union.make(ast.types.map(jsonOf), ast.annotations)
    default:
      return ast
  }
}

const allowsUndefined = (ast: AST.AST): boolean =>
  AST.isUndefinedKeyword(ast) || (AST.isUnion(ast) && ast.types.some(allowsUndefined))
