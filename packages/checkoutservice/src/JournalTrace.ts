import { ATTR_ERROR_TYPE } from "@opentelemetry/semantic-conventions"
import * as ErrorType from "@retro/telemetry/ErrorType"
import * as Spans from "@retro/telemetry/Spans"
import * as TraceContext from "@retro/telemetry/TraceContext"
import { Effect, Either, type Tracer } from "effect"

/** A text of a journal that says in which trace it was written, where that is sampled: who reads it can link to there. */
export const marked = (text: string): Effect.Effect<string> =>
  Effect.withFiberRuntime(({ currentSpan: span }) =>
    Effect.succeed(span?.sampled === true ? `${TraceContext.toHeader(span)} ${text}` : text)
  )

/** The text again. */
export const unmarked = (text: string): string => text.replace(mark, "")

/** Where it was written. */
export const originOf = (text: string): Tracer.AnySpan | undefined =>
  TraceContext.fromHeader(mark.exec(text)?.[1] ?? "")

/** Links the current span to the trace that a text was written in, unless it is part of it. */
export const link = (text: string): Effect.Effect<void> =>
  Effect.map(currentSpan, (span) => {
    const origin = originOf(text)
    if (span?._tag === "Span" && origin !== undefined && origin.traceId !== span.traceId)
      span.addLinks([Spans.linkTo(origin)])
  })

/** One run of a program: which, of which journal, the how manieth, and where it was begun. */
export interface Run {
  readonly program: string
  readonly id: string
  readonly attempt: number
  readonly input: string
}

/** The span of a run. One that goes on where another ended links to where the journal was begun. */
export const run = ({ attempt, id, input, program }: Run) =>
  Spans.around(() => {
    const origin = attempt > 1 ? originOf(input) : undefined
    return {
      name: "Journal.run",
      kind: "internal",
      attributes: [
        ["journal.program", program],
        ["journal.id", id],
        ["journal.attempt", attempt]
      ],
      links: origin === undefined ? [] : [origin]
    }
  })

/** Gives the steps of a run their spans. A failure is an answer as a success is: it has a type, and is no error. */
export const steps = (input: string) => {
  const spans = new Map<string, Tracer.AnySpan>()
  return (name: string) =>
    Spans.around(() => {
      const undone = undoing.exec(name)?.[1]
      const origin = undone === undefined ? undefined : (spans.get(undone) ?? originOf(input))
      return {
        name: `Journal.step ${name}`,
        kind: "internal",
        attributes: [["journal.step", name]],
        links: origin === undefined ? [] : [origin],
        ending: (span, exit) => {
          spans.set(name, span)
          if (exit._tag === "Success" && Either.isEither(exit.value) && Either.isLeft(exit.value))
            span.attribute(ATTR_ERROR_TYPE, ErrorType.ofFailure(exit.value.left))
        }
      }
    })
}

const mark = /^(00-[\da-f]{32}-[\da-f]{16}-01) /
const undoing = /^undo:(.*)$/

const currentSpan = Effect.withFiberRuntime<Tracer.AnySpan | undefined>((fiber) => Effect.succeed(fiber.currentSpan))
