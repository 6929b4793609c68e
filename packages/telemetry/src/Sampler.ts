import type { Tracer } from "effect"

/** Whether the spans of a trace are kept. It is asked once, where the trace enters or begins. */
export type Sampler = (traceId: string, parent: Tracer.AnySpan | undefined) => boolean

/** All of them. */
export const always: Sampler = () => true

/** None of them. */
export const never: Sampler = () => false

/** This part of all traces, from 0 to 1. It depends on the trace's id alone: whoever is asked says the same. */
export const ratio = (part: number): Sampler => {
  const limit = part * 2 ** 52
  return (traceId) => Number.parseInt(traceId.slice(-13), 16) < limit
}

/** What the caller decided; where there is none, what `root` says. */
export const parentBased =
  (root: Sampler): Sampler =>
  (traceId, parent) =>
    parent === undefined ? root(traceId, parent) : parent.sampled
