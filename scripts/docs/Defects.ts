import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** What shops like this one, before it, did wrong, by its number. A test that guards against one begins its name with it: "D4: …". */
export const defects: Readonly<Record<number, string>> = {
  1: "Conversion loses the whole units of an amount: $19.99 is shown, and charged, as $0.99.",
  2: "A shipment that fails after the charge makes the caller try again, and the card is charged again.",
  3: "Charged and not shipped: no refund, no trace of the order, no key to ask by.",
  4: "Reloading the confirmation orders again; an empty cart can be ordered, for the price of its shipping.",
  5: "The order is charged, then something decorative fails, and the shopper reads of an error.",
  6: "What is added between reading the cart and emptying it is lost; where emptying fails, what was bought stays.",
  7: "Conversions lose the trace, the deadline and the cancellation of the call that they belong to.",
  8: "Quantities wrap to negative; a line is multiplied by adding it up, minutes of CPU for one page.",
  9: "Amounts times zero stay what they are; signs that contradict each other pass; panics steer the program.",
  10: "Shipping is computed in binary fractions and cut off: a cent is missing.",
  11: "Yen with decimals; negative amounts that read wrongly.",
  12: "Cards with letters, zeros or a negative code pass; leading zeros of codes and postal codes vanish.",
  13: "Order numbers can be guessed; tracking numbers tell the length of the address, and collide.",
  14: "The page says that an e-mail was sent, whatever became of it.",
  15: "Card numbers in the log.",
  16: "E-mail addresses and session ids in the log.",
  17: "Cookies that scripts read, other sites send along, and half of the pages do not see.",
  18: "Other sites can post forms in a shopper's name; a link logs out; redirects lead anywhere.",
  19: "A currency that nobody knows, in a cookie, breaks every page.",
  20: "Stack traces on pages.",
  21: "An unknown game and a declined card are both an internal error.",
  22: "Without recommendations there is no product page and no cart.",
  23: "Twelve calls in a row for the home page, conversions from dollars to dollars among them.",
  24: "A look-up of a name on every home page; pages made at the same time share state.",
  25: "A broken catalogue is an empty shop; the shuffle is not random.",
  26: "Carts live in the process: lost when it restarts, different on each replica.",
  27: "A message without one of its fields crashes the handler.",
  28: "Health says SERVING while the store is gone or the process stops.",
  29: "Features that are passed to the page and shown nowhere; search and categories without a page.",
  30: "Pictures without text, a picker without a label that needs JavaScript, pages inside pages.",
  31: "Images are built of whatever is newest that day.",
  32: "Every pod may call every pod; containers run as root, without limits.",
  33: "No time-outs over HTTP; a stop cuts off what is in flight.",
  34: "Other people's characters and covers.",
  35: "The same configuration, tracing and health code in eight places, the proto in nine, money in two."
}

/** A test, or a group of tests, that guards against a defect. */
export interface Guard {
  readonly defect: number
  /** The title, without the numbers before it. */
  readonly title: string
  /** From the root of the repository. */
  readonly file: string
}

/** Every guard that stands in a test: `it("D5, D14: the law", …)`, in whatever way the title is given. */
export const guards = (): ReadonlyArray<Guard> => testFiles().flatMap(guardsIn)

const title = /(["'`])(?<numbers>D\d+(?:, D\d+)*): (?<title>(?:(?!\1)[^\n\\]|\\.)+)\1/g

const guardsIn = (file: string): ReadonlyArray<Guard> =>
  Array.from(readFileSync(root + file, "utf8").matchAll(title), ({ groups = {} }) =>
    Array.from((groups["numbers"] ?? "").matchAll(/\d+/g), ([defect]) => ({
      defect: Number(defect),
      title: groups["title"] ?? "",
      file
    }))
  ).flat()

const testFiles = (): ReadonlyArray<string> =>
  [...readdirSync(`${root}packages`).map((name) => `packages/${name}/test`), "scripts/test"]
    .filter((folder) => existsSync(root + folder))
    .flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => `${folder}/${name}`)
        .sort()
    )
