import {
  Array as Arr,
  Cause,
  Context,
  FiberRef,
  FiberRefs,
  type Logger,
  Inspectable,
  Option,
  Schema,
  Tracer
} from "effect"

/** One line of a log. */
export class LogLine extends Schema.Class<LogLine>("LogLine")({
  /** ISO 8601, in UTC, with milliseconds. */
  time: Schema.String,
  /** DEBUG, INFO, WARN, ERROR or FATAL. */
  level: Schema.String,
  service: Schema.String,
  message: Schema.String,
  /** The trace and the span that it was written in, as in `traceparent`. */
  trace_id: Schema.optional(Schema.String),
  span_id: Schema.optional(Schema.String),
  /** What went wrong, with where. */
  cause: Schema.optional(Schema.String),
  attributes: Schema.optional(
    Schema.Record({ key: Schema.String, value: Schema.Union(Schema.String, Schema.Number, Schema.Boolean) })
  )
}) {}

type Attributes = Record<string, string | number | boolean>

/** What a program logged: texts make the message, the fields of objects and annotations its attributes. */
export const make = (service: string, entry: Logger.Logger.Options<unknown>): LogLine => {
  const parts = Arr.ensure(entry.message)
  const attributes: Attributes = {}
  for (const [name, value] of entry.annotations) attributes[name] = scalar(value)
  for (const part of parts) {
    if (isPlainObject(part)) for (const [name, value] of Object.entries(part)) attributes[name] = scalar(value)
  }
  return new LogLine({
    time: entry.date.toISOString(),
    level: entry.logLevel.label,
    service,
    message: parts
      .filter((part) => !isPlainObject(part))
      .map(text)
      .join(" "),
    ...Option.match(spanOf(entry.context), {
      onNone: () => ({}),
      onSome: ({ spanId, traceId }) => ({ trace_id: traceId, span_id: spanId })
    }),
    ...(Cause.isEmpty(entry.cause) ? {} : { cause: Cause.pretty(entry.cause, { renderErrorCause: true }) }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes })
  })
}

/** As one line of JSON. */
export const toJson = Schema.encodeSync(Schema.parseJson(LogLine))

/** From one line of JSON; nothing where it is none of ours. */
export const fromJson = Schema.decodeUnknownOption(Schema.parseJson(LogLine))

/** For people: the time of day in UTC, the service, the message and its attributes; a cause below it. */
export const toText = (line: LogLine, paint: Paint): string => {
  const attributes = Object.entries(line.attributes ?? {}).map(([name, value]) => paint("dim", ` ${name}=${value}`))
  const level = paint(line.level === "WARN" ? "yellow" : line.level === "INFO" ? "dim" : "red", line.level.padEnd(5))
  const head = `${paint("dim", line.time.slice(11, 23))} ${level} ${paint(line.service, line.service)}`
  return `${head} ${line.message}${attributes.join("")}${line.cause === undefined ? "" : `\n${line.cause}`}`
}

/** Colours a text: by a colour's name, or by the name of a service, which always has the same one. */
export type Paint = (style: string, text: string) => string

/** With the escape sequences of a terminal. */
export const inColour: Paint = (style, text) => `\x1b[${styles[style] ?? serviceColour(style)}m${text}\x1b[0m`

/** Without any. */
export const plain: Paint = (_style, text) => text

const styles: Readonly<Record<string, string>> = { dim: "2", red: "31", green: "32", yellow: "33", bold: "1" }

/** One of the twelve readable colours of a terminal's cube. */
const serviceColour = (name: string): string => {
  const colours = [39, 208, 170, 113, 214, 81, 205, 149, 141, 220, 45, 210]
  const sum = [...name].reduce((sum, letter, place) => sum + letter.charCodeAt(0) * (place + 1), 0)
  return `38;5;${colours[sum % colours.length]}`
}

const spanOf = (refs: FiberRefs.FiberRefs): Option.Option<Tracer.AnySpan> =>
  Context.getOption(FiberRefs.getOrDefault(refs, FiberRef.currentContext), Tracer.ParentSpan)

const isPlainObject = (part: unknown): part is Record<string, unknown> =>
  typeof part === "object" && part !== null && Object.getPrototypeOf(part) === Object.prototype

const scalar = (value: unknown): string | number | boolean =>
  typeof value === "number" || typeof value === "boolean" ? value : text(value)

const text = (part: unknown): string => Inspectable.toStringUnknown(part, 0)
