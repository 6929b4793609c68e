// Orders with their journals in a file, every answer of which waits for the disk.
import * as Ordering from "../Ordering.ts"
import * as TemporaryJournal from "../TemporaryJournal.ts"

Ordering.answerWith(() => TemporaryJournal.layer({ sync: true }))
