import type { EndedSpan } from "@retro/telemetry/EndedSpan"

/** A span where it stands in its trace. */
export interface Placed {
  readonly span: EndedSpan
  /** How many callers it has, of those that are known. */
  readonly depth: number
  /** When it began, and how long it took, as parts of its trace. */
  readonly from: number
  readonly part: number
}

/** What is known of one request: some of it may have made way for newer ones, or may not have ended yet. */
export interface Trace {
  readonly id: string
  /** The span that nobody known called, the first of them. */
  readonly root: EndedSpan
  readonly startNanos: bigint
  readonly nanos: bigint
  /** Callers before those whom they called, earlier ones first. */
  readonly spans: ReadonlyArray<Placed>
  /** In the order in which they took part. */
  readonly services: ReadonlyArray<string>
  /** The tags of the errors in it, expected or not. */
  readonly errors: ReadonlyArray<string>
}

/** The traces that spans belong to, those that began last first. */
export const of = (spans: ReadonlyArray<EndedSpan>): ReadonlyArray<Trace> => {
  const traces = groupedBy(spans, ({ traceId }) => traceId)
  return [...traces.values()].flatMap(make).toSorted((a, b) => Number(b.startNanos - a.startNanos))
}

const make = (spans: ReadonlyArray<EndedSpan>): ReadonlyArray<Trace> => {
  const inOrder = spans.toSorted((a, b) => Number(a.startNanos - b.startNanos))
  const known = new Set(inOrder.map(({ spanId }) => spanId))
  const isRoot = ({ parentSpanId }: EndedSpan) => parentSpanId === undefined || !known.has(parentSpanId)
  const roots = inOrder.filter(isRoot)
  const [root] = roots
  const [first] = inOrder
  if (root === undefined || first === undefined) return []
  const end = inOrder.reduce((latest, { endNanos }) => (endNanos > latest ? endNanos : latest), first.endNanos)
  const nanos = end - first.startNanos
  const called = groupedBy(inOrder, ({ parentSpanId }) => parentSpanId)
  const place =
    (depth: number) =>
    (span: EndedSpan): ReadonlyArray<Placed> => [
      {
        span,
        depth,
        from: ratio(span.startNanos - first.startNanos, nanos),
        part: ratio(span.endNanos - span.startNanos, nanos)
      },
      ...(called.get(span.spanId) ?? []).flatMap(place(depth + 1))
    ]
  const placed = roots.flatMap(place(0))
  return [
    {
      id: root.traceId,
      root,
      startNanos: first.startNanos,
      nanos,
      spans: placed,
      services: [...new Set(placed.map(({ span }) => span.service))],
      errors: [...new Set(placed.flatMap(({ span }) => span.errorType ?? []))]
    }
  ]
}

const groupedBy = <A, K>(all: ReadonlyArray<A>, key: (a: A) => K): ReadonlyMap<K, ReadonlyArray<A>> => {
  const groups = new Map<K, Array<A>>()
  for (const a of all) {
    const group = groups.get(key(a))
    if (group === undefined) groups.set(key(a), [a])
    else group.push(a)
  }
  return groups
}

const ratio = (part: bigint, whole: bigint): number => (whole === 0n ? 1 : Number(part) / Number(whole))

/** What somebody looks for. */
export interface Wanted {
  /** A part of the route or the beginning of the trace's id; every trace where it is empty. */
  readonly text: string
  readonly only: "all" | "errors" | "slow"
}

/** What counts as slow: what a shopper begins to notice, in nanoseconds. */
const slow = 100_000_000n

/** Whether a trace is looked for. Pages about traces are not: they would push out what they show. */
export const isWanted =
  ({ only, text }: Wanted) =>
  ({ errors, id, nanos, root }: Trace): boolean =>
    !/ \/dev\//.test(root.name) &&
    (only !== "errors" || errors.length > 0) &&
    (only !== "slow" || nanos >= slow) &&
    (text === "" || id.startsWith(text.toLowerCase()) || root.name.toLowerCase().includes(text.toLowerCase()))
