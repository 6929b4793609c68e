/** A duration in nanoseconds, as short as it can be read: "0.42 ms", "12.3 ms", "1.20 s". */
export const took = (nanos: bigint): string => {
  const ms = Number(nanos) / 1e6
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`
}

/** A moment of the Unix epoch in nanoseconds, as the time of day in UTC: "14:03:27.512". */
export const timeOf = (nanos: bigint): string => new Date(Number(nanos / 1_000_000n)).toISOString().slice(11, 23)
