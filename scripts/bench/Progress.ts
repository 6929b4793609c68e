/** Tells on standard error what is running: on one line of a terminal, line after line elsewhere. */
export const say = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`)
  else if (text !== "") process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}

/** Nothing is running for the moment. */
export const clear = (): void => say("")
