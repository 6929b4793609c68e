/** The most that is handed on. Source: W3C Baggage, 3.3.2. */
const limits = { bytes: 8192, entries: 64 }

/**
 * A `baggage` header that may be handed on to the next call, as it came; nothing where it is malformed or larger than
 * anybody must bear. Nobody here reads it, and no span or log shows it. Source: W3C Baggage, 3.3.1.
 */
export const accepted = (header: string | undefined): string | undefined => {
  if (header === undefined || header === "" || header.length > limits.bytes) return undefined
  const entries = header.split(",")
  return entries.length <= limits.entries && entries.every((entry) => format.test(entry)) ? header : undefined
}

const token = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+"
const value = "[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*"
const format = new RegExp(`^\\s*${token}\\s*=\\s*${value}\\s*(;\\s*${token}\\s*(=\\s*${value}\\s*)?)*$`)
