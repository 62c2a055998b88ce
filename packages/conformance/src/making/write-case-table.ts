// Writes the tables of docs/conformance.md anew: npm run conformance:docs
import { readFileSync, writeFileSync } from 'node:fs'
import { withCaseTable } from './case-table.js'

const file = new URL('../../../../docs/conformance.md', import.meta.url)
writeFileSync(file, withCaseTable(readFileSync(file, 'utf8')))
