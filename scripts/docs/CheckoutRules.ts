/** What checkout promises, by the number of the rule. A test of one begins its name with it: "R4: …". */
export const rules: Readonly<Record<number, string>> = {
  1: "A step may be asked for more than once; payment, shipping, e-mail and cart do it once for its key, repeat what came of it, and refuse the key for anything else.",
  2: "Silence is no answer: the step is asked again under its key, and when it is given up it is first made sure that nothing was done, a shipment before the charge.",
  3: "No card number or code is at rest anywhere, a token stands for it for an hour; who a person is stands only in a sealed envelope.",
  4: "Only a typed failure undoes what was done, in reverse and once; an interruption, a lost lease or a defect undoes nothing.",
  5: "The same key with another order is refused; another total or cart than the shopper saw is said, never charged; after a refusal a new key lets a better card through.",
  6: "An order that ends in defects is taken up again ever later, then parked, counted and shown to an operator.",
  7: "An order has one owner for a lease of 12 seconds by the clock of Redis, renewed at a third; who lost it writes nothing that counts.",
  8: "What an order bought leaves the cart once, and nothing that was added since.",
  9: "Codecs are built once for a program, not for each order.",
  10: "Who hangs up stops no order, and no stop of a process does: another replica goes on, and its page shows it in progress.",
  11: "A journal carries its program's name and version, is taken up only by who can read it, and old files are read for ever.",
  12: "Prices are rounded once, half to even, to what can be paid; line, shipping, total and charge are exact sums of that, the same on page, cart, order and e-mail.",
  13: "Sessions and carts end after 30 silent days, journals and what came of their steps after 90, by themselves."
}
