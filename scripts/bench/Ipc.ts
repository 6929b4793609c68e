/** What the bench asks the processes that it starts, and what they answer. */
export interface Questions {
  /** What the process has used since it began. */
  readonly usage: { readonly input: null; readonly output: Usage }
  /** Begins to sample the stack. */
  readonly profileStart: { readonly input: null; readonly output: null }
  /** Ends that and writes the .cpuprofile file. */
  readonly profileStop: { readonly input: string; readonly output: null }
  /** Asks over and over, a fixed number at once, for a while. */
  readonly load: { readonly input: Load; readonly output: Answers }
  /** Asks at a rate, whether or not the answers keep up. */
  readonly flood: { readonly input: Flood; readonly output: Flooded }
}

export interface Usage {
  /** CPU time of all threads, in microseconds. */
  readonly cpu: number
  /** Bytes. */
  readonly rss: number
}

/** Stands for a key that is used once, in a request. */
export const anyKey = "00000000-0000-4000-8000-000000000000"

/** A closed loop, where no rate is given: every connection or stream sends its next request when it has its answer. */
export interface Load {
  readonly port: number
  readonly millis: number
  readonly concurrency: number
  /** For gRPC: the caller samples one in so many traces; each, where it is not given. */
  readonly sampledOneIn?: number
  /** For HTTP: the heads to send, one for each connection. */
  readonly requests?: ReadonlyArray<string>
  /**
   * For HTTP: what to send, in turn; or several that are sent one after the other and count as one. Where they have
   * {@link anyKey} in them, each time another key stands there.
   */
  readonly requests?: ReadonlyArray<string | ReadonlyArray<string>>
