import * as Lazy from "./Lazy.ts"
import { Either, Option, ParseResult, Predicate, Schema, SchemaAST as AST } from "effect"

/** One direction of a schema: a message as the value it stands for, or the other way. */
export type Convert<A> = (input: unknown) => Either.Either<A, ParseResult.ParseError>

/**
 * Reads messages by a schema: what `Schema.decodeUnknownEither` answers with all errors, at a third of its cost. The schema
 * is compiled to plain functions once; what those do not accept goes to the schema itself, whose verdict counts.
 */
export const decoder = <A, I>(schema: Schema.Schema<A, I>): Convert<A> =>
  quickly(
    () => compile(schema.ast, true),
    (input) => Schema.decodeUnknownEither(schema, { errors: "all" })(input)
  )

/** Writes values as messages: what `Schema.encodeUnknownEither` answers, at a third of its cost. */
export const encoder = <A, I>(schema: Schema.Schema<A, I>): Convert<I> =>
  quickly(
    () => compile(schema.ast, false),
    (input) => Schema.encodeUnknownEither(schema)(input)
  )

/** Compiled for the first message: a program knows more kinds of them than it meets at its start. */
const quickly = <A>(compiled: () => Quick, schema: Convert<A>): Convert<A> => {
  const quick = Lazy.make(compiled)
  return (input) => {
    const output = quick()(input)
    // Compiled from that schema: where it accepts, it answers the same.
    return output === refused ? schema(input) : Either.right(output as A)
  }
}

/** Converts, or leaves it to the schema. */
type Quick = (input: unknown) => unknown

const refused = Symbol.for("@retro/domain/refused")

const compile = (ast: AST.AST, decoding: boolean): Quick => {
  if (Option.isSome(AST.getParseOptionsAnnotation(ast)) || Option.isSome(AST.getDecodingFallbackAnnotation(ast)))
    return bySchema(ast, decoding)
  switch (ast._tag) {
    case "StringKeyword":
      return where(Predicate.isString)
    case "NumberKeyword":
      return where(Predicate.isNumber)
    case "BooleanKeyword":
      return where(Predicate.isBoolean)
    case "BigIntKeyword":
      return where(Predicate.isBigInt)
    case "UndefinedKeyword":
      return where(Predicate.isUndefined)
    case "Literal":
      return where((input) => input === ast.literal)
    case "Union":
      return firstOf(ast.types.map((type) => compile(type, decoding)))
    case "TypeLiteral":
      return ast.indexSignatures.length === 0 && ast.propertySignatures.length > 0
        ? fieldsOf(ast, decoding)
        : bySchema(ast, decoding)
    case "TupleType": {
      const [rest, ...others] = ast.rest.map(({ type }) => compile(type, decoding))
      return others.length === 0 && !ast.elements.some(({ isOptional }) => isOptional)
        ? itemsOf(
            ast.elements.map(({ type }) => compile(type, decoding)),
            rest
          )
        : bySchema(ast, decoding)
    }
    case "Refinement":
      return refinement(ast, decoding)
    case "Transformation":
      return transformation(ast, decoding)
    case "Declaration":
      return parsedBy((decoding ? ast.decodeUnknown : ast.encodeUnknown)(...ast.typeParameters), ast)
    default:
      return bySchema(ast, decoding)
  }
}

/** What needs more than these few functions is asked of the schema of that part. */
const bySchema = (ast: AST.AST, decoding: boolean): Quick => {
  const part: Schema.Schema.AnyNoContext = Schema.make(ast)
  const convert = decoding ? ParseResult.decodeUnknownEither(part) : ParseResult.encodeUnknownEither(part)
  return (input) => valueOf(convert(input))
}

const where =
  (isFine: Predicate.Predicate<unknown>): Quick =>
  (input) =>
    isFine(input) ? input : refused

const firstOf =
  (members: ReadonlyArray<Quick>): Quick =>
  (input) => {
    for (const member of members) {
      const output = member(input)
      if (output !== refused) return output
    }
    return refused
  }

const itemsOf =
  (first: ReadonlyArray<Quick>, rest: Quick | undefined): Quick =>
  (input) => {
    if (!Array.isArray(input) || input.length < first.length) return refused
    const output: Array<unknown> = []
    for (const each of input) {
      const convert = first[output.length] ?? rest
      const converted = convert === undefined ? refused : convert(each)
      if (converted === refused) return refused
      output.push(converted)
    }
    return output
  }

const fieldsOf = (ast: AST.TypeLiteral, decoding: boolean): Quick => {
  const fields = ast.propertySignatures.map(({ isOptional, name, type }) => ({
    name,
    isOptional,
    convert: compile(type, decoding)
  }))
  return (input) => {
    if (!Predicate.isRecord(input)) return refused
    const output: Record<PropertyKey, unknown> = {}
    for (const { convert, isOptional, name } of fields) {
      if (isOptional && !Object.hasOwn(input, name)) continue
      if ((output[name] = convert(input[name])) === refused) return refused
    }
    return output
  }
}

const refinement = (ast: AST.Refinement, decoding: boolean): Quick => {
  const isFine = (value: unknown) => Option.isNone(ast.filter(value, AST.defaultParseOption, ast))
  if (decoding) return chain(compile(ast.from, true), where(isFine))
  return chain(compile(AST.typeAST(ast), true), compile(beneath(ast.from), false))
}

/** What a value is encoded as once all its refinements hold. */
const beneath = (ast: AST.AST): AST.AST => (AST.isRefinement(ast) ? beneath(ast.from) : ast)

const transformation = (ast: AST.Transformation, decoding: boolean): Quick => {
  const [first, last] = decoding ? [ast.from, ast.to] : [ast.to, ast.from]
  const before = compile(first, decoding)
  const after = compile(last, decoding)
  switch (ast.transformation._tag) {
    case "ComposeTransformation":
      return chain(before, after)
    case "FinalTransformation": {
      const convert = decoding ? ast.transformation.decode : ast.transformation.encode
      return chain(
        chain(before, (input) => valueOf(convert(input, AST.defaultParseOption, ast, input))),
        after
      )
    }
    case "TypeLiteralTransformation":
      return bySchema(ast, decoding)
  }
}

const parsedBy =
  (parse: ParseResult.DeclarationDecodeUnknown<unknown, unknown>, ast: AST.Declaration): Quick =>
  (input) =>
    valueOf(parse(input, AST.defaultParseOption, ast))

const chain =
  (first: Quick, second: Quick): Quick =>
  (input) => {
    const between = first(input)
    return between === refused ? refused : second(between)
  }

/** The value of a parse that is over; one that fails, or would take its time, is for the schema. */
const valueOf = (parsed: unknown): unknown =>
  Either.isEither(parsed) && Either.isRight(parsed) ? parsed.right : refused
