import { Metadata, type StatusObject } from "@grpc/grpc-js"
import { BadRequest, CallFailed, failuresOf, PeerRefused } from "@retro/contract/Contract"
import { BadRequest as FieldViolations, ErrorInfo } from "@retro/contract/generated/google/rpc/error_details"
import { Status as RpcStatus } from "@retro/contract/generated/google/rpc/status"
import { codes, type FailureClass } from "@retro/contract/Status"
import * as Json from "@retro/domain/Json"
import * as Lazy from "@retro/domain/Lazy"
import { Either, Option, Schema, SchemaAST as AST } from "effect"

/** Where google.rpc.Status travels, by convention of every gRPC library. */
const trailer = "grpc-status-details-bin"
const domain = "retrostation"
const typeUrl = {
  errorInfo: "type.googleapis.com/google.rpc.ErrorInfo",
  badRequest: "type.googleapis.com/google.rpc.BadRequest"
}

/** What a caller receives in place of an answer. */
export type Refusal = Pick<StatusObject, "code" | "details"> & { readonly metadata?: Metadata }

/** How the errors of one rpc become refusals and come back as errors. */
export interface Codec {
  /** A failure as a refusal; nothing for a failure that the contract does not list. */
  readonly encode: (failure: unknown) => Option.Option<Refusal>
  /** A refusal as the error it stands for: the contract's where it names one, otherwise one that any call can fail with. */
  readonly decode: (path: string, refusal: { readonly code: number; readonly metadata?: Metadata }) => unknown
}

/** Builds the codec for an rpc's error schema, once for all its calls; the part of an error when it is first met. */
export const codec = (errors: Schema.Schema.All): Codec => {
  const failures = new Map(failuresOf(errors).map((failure) => [failure._tag, Lazy.make(() => failureCodec(failure))]))
  return {
    encode: (failure) => {
      if (failure instanceof BadRequest) return Option.some(badRequest(failure.fields))
      if (failure instanceof CallFailed)
        return Option.some({ code: failure.code, details: "a dependency did not answer" })
      if (failure instanceof PeerRefused)
        return Option.some(refusal(failure.code, "a dependency refused", failure.reason, {}))
      return Option.flatMap(Option.fromNullable(failures.get(tagOf(failure))), (codec) => codec().encode(failure))
    },
    decode: (path, { code, metadata }) => {
      const { info, violations } = detailsIn(metadata)
      if (violations !== undefined)
        return new BadRequest({ fields: violations.fieldViolations.map(({ field }) => field) })
      return Option.getOrElse(
        Option.flatMap(Option.fromNullable(failures.get(info?.reason ?? "")), (codec) =>
          codec().decode(info?.metadata ?? {})
        ),
        () =>
          withoutVerdict.has(code) && info === undefined
            ? new CallFailed({ path, code })
            : new PeerRefused({ path, code, reason: info?.reason ?? "" })
      )
    }
  }
}

/** The refusal of a request that is no message of its contract: which fields, never what they held. */
export const badRequest = (fields: ReadonlyArray<string>): Refusal => ({
  code: codes.INVALID_ARGUMENT,
  details: `invalid request: ${fields.join(", ")}`,
  metadata: withDetails(codes.INVALID_ARGUMENT, "invalid request", {
    typeUrl: typeUrl.badRequest,
    value: FieldViolations.encode({
      fieldViolations: fields.map((field) => ({
        field,
        description: "is missing or not valid",
        reason: "",
        localizedMessage: undefined
      }))
    }).finish()
  })
})

/** When to ask again, in milliseconds; below zero: not at all (gRFC A6). */
const pushback = "grpc-retry-pushback-ms"

/** The answer to a call that was not begun: the server has too much to do. It gives no verdict. */
export const busy = (details: string): Refusal => {
  const metadata = new Metadata()
  metadata.set(pushback, "100")
  return { code: codes.UNAVAILABLE, details, metadata }
}

/** Whether a peer that gave no verdict is there all the same, and only will not do it now. */
export const isBusy = ({ metadata }: { readonly metadata?: Metadata }): boolean =>
  metadata !== undefined && metadata.get(pushback).length > 0

/** Codes after which nobody knows whether the peer did what it was asked. */
const withoutVerdict: ReadonlySet<number> = new Set([
  codes.CANCELLED,
  codes.UNKNOWN,
  codes.DEADLINE_EXCEEDED,
  codes.INTERNAL,
  codes.UNAVAILABLE,
  codes.DATA_LOSS
])

const tagOf = (failure: unknown): string =>
  typeof failure === "object" && failure !== null && "_tag" in failure ? String(failure._tag) : ""

/** Fields travel as the texts of ErrorInfo's metadata: a text as it is, anything else as JSON. */
const failureCodec = (failure: FailureClass) => {
  const json = Json.codec(failure as unknown as Schema.Schema<unknown, Record<string, unknown>>)
  const encode = Schema.encodeUnknownEither(json)
  const decode = Schema.decodeUnknownOption(json)
  const texts = new Set(
    Object.entries(failure.fields)
      .filter(([, field]) => isText(field))
      .map(([name]) => name)
  )
  return {
    encode: (value: unknown) =>
      Option.map(Either.getRight(encode(value)), ({ _tag, ...fields }) =>
        refusal(
          codes[failure.status.grpc],
          failure._tag,
          failure._tag,
          Object.fromEntries(
            Object.entries(fields).map(([name, field]) => [
              name,
              texts.has(name) ? String(field) : JSON.stringify(field)
            ])
          )
        )
      ),
    decode: (metadata: Record<string, string>) =>
      Option.flatMap(
        Option.all(
          Object.entries(metadata).map(([name, text]) =>
            Option.map(texts.has(name) ? Option.some(text) : parseJson(text), (value) => [name, value] as const)
          )
        ),
        (fields) => decode({ _tag: failure._tag, ...Object.fromEntries(fields) })
      )
  }
}

const parseJson = Option.liftThrowable((text: string): unknown => JSON.parse(text))

const isText = (field: Schema.Struct.Fields[string]): boolean => {
  const text = (ast: AST.AST): boolean =>
    ast._tag === "StringKeyword" ||
    (ast._tag === "Literal" && typeof ast.literal === "string") ||
    (ast._tag === "Union" && ast.types.every(text))
  return Schema.isSchema(field) && text(AST.encodedAST(field.ast))
}

const refusal = (code: number, details: string, reason: string, metadata: Record<string, string>): Refusal => ({
  code,
  details,
  metadata: withDetails(code, details, {
    typeUrl: typeUrl.errorInfo,
    value: ErrorInfo.encode({ reason, domain, metadata }).finish()
  })
})

const withDetails = (code: number, message: string, detail: { typeUrl: string; value: Uint8Array }): Metadata => {
  const metadata = new Metadata()
  metadata.set(trailer, Buffer.from(RpcStatus.encode({ code, message, details: [detail as never] }).finish()))
  return metadata
}

const detailsIn = (
  metadata: Metadata | undefined
): { readonly info?: ErrorInfo; readonly violations?: FieldViolations } => {
  const bytes = metadata?.get(trailer)[0]
  if (!Buffer.isBuffer(bytes)) return {}
  return Option.getOrElse(parseDetails(bytes), () => ({}))
}

const parseDetails = Option.liftThrowable((bytes: Uint8Array) => {
  const found: { info?: ErrorInfo; violations?: FieldViolations } = {}
  for (const { typeUrl: type, value } of RpcStatus.decode(bytes).details) {
    if (type === typeUrl.errorInfo) found.info = ErrorInfo.decode(value)
    if (type === typeUrl.badRequest) found.violations = FieldViolations.decode(value)
  }
  return found
})
