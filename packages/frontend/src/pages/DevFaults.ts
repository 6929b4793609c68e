import { Fault, FaultSwitch, Rule } from "@retro/contract/Faults"
import { Effect, Either, Schema } from "effect"
import * as Form from "../Form.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import type { Fields } from "../UrlEncoded.ts"
import * as FaultsPage from "../views/FaultsPage.ts"
import * as Paths from "../views/Paths.ts"
import type { Visit } from "../Visit.ts"
import type { Page } from "./Page.ts"

/** What goes wrong on purpose, in development: shown, added to, ended. Without a switch there are no such pages. */
export const make = Effect.gen(function* () {
  const faults = yield* Effect.serviceOption(FaultSwitch)
  const chrome = yield* PageChrome
  const open = Effect.mapError(faults, () => Refused.notFound())

  const view = Effect.fnUntraced(function* (visit: Visit, status: number, form: FaultsPage.FormModel) {
    const { rules, targets } = yield* open
    // Whatever goes wrong, the page that ends it is served.
    return Response.page(status, FaultsPage.view(chrome.bare(visit), { targets, rules: yield* rules, form }))
  })

  const show: Page = (visit) => view(visit, 200, { values: {}, errors: {} })

  const add: Page = Effect.fnUntraced(function* (visit) {
    const { add, targets } = yield* open
    const fields = yield* Form.posted(visit.request)
    const rule = Either.flatMap(read(fields), ruleFor(targets))
    if (Either.isLeft(rule)) {
      return yield* view(visit, 422, { values: Form.typed(fields, FaultsPage.names), errors: rule.left.errors })
    }
    yield* add(rule.right)
    return Response.seeOther(Paths.faults)
  })

  const reset: Page = Effect.fnUntraced(function* () {
    yield* (yield* open).reset
    return Response.seeOther(Paths.faults)
  })

  return { show, add, reset }
})

const values = Schema.Struct({
  rpc: Schema.String.pipe(Schema.nonEmptyString()),
  fault: Schema.Literal(...FaultsPage.kinds),
  error: Schema.String,
  millis: Form.orAbsent(Form.WholeNumber.pipe(Schema.between(1, 60_000))),
  percent: Form.WholeNumber.pipe(Schema.between(1, 100))
})

const sentences = {
  rpc: "Choose one of the rpcs on the list.",
  fault: "Choose what happens.",
  error: "Choose an error that this rpc can fail with.",
  millis: "Give 1 to 60000 milliseconds.",
  percent: "Give 1 to 100 percent."
}

const read: (fields: Fields) => Either.Either<typeof values.Type, Form.Invalid<FaultsPage.Name>> = Form.make(
  values,
  sentences
)

const ruleFor =
  (targets: FaultsPage.Model["targets"]) =>
  ({ error, fault, millis, percent, rpc }: typeof values.Type) => {
    const target = targets.find((target) => target.rpc === rpc)
    if (target === undefined) return refuse("rpc")
    const ruleOf = (happens: Fault) => Either.right(new Rule({ rpc, fault: happens, probability: percent / 100 }))
    switch (fault) {
      case "hang":
        return ruleOf({ _tag: "Hang" })
      case "latency":
        return millis === undefined ? refuse("millis") : ruleOf({ _tag: "Latency", millis })
      case "failure":
        return target.errors.includes(error) ? ruleOf({ _tag: "Failure", error }) : refuse("error")
    }
  }

const refuse = (name: FaultsPage.Name): Either.Either<Rule, Form.Invalid<FaultsPage.Name>> =>
  Either.left(new Form.Invalid({ errors: { [name]: sentences[name] } }))
