// Orders with their journals in a file, which a power cut may take the last seconds of.
import * as Ordering from "../Ordering.ts"
import * as TemporaryJournal from "../TemporaryJournal.ts"

Ordering.answerWith(() => TemporaryJournal.layer({ sync: false }))
