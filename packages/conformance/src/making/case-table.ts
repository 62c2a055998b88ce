import { allCases, sections } from '../cases/index.js'
import { sectionOf } from '../run/case.js'

/** All cases for docs/conformance.md, a table a section. */
function caseTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const tables = Object.entries(sections).map(([section, title]) => {
    const rows = allCases()
      .filter(each => sectionOf(each) === section)
      .map(({ id, clause, says }) => `| \`${id}\` | ${cell(clause)} | ${cell(says)} |\n`)
    return `### ${title}\n\n| Case | Clause | |\n|---|---|---|\n${rows.join('')}\n`
  })
  return `<!-- cases -->\n\n${tables.join('')}<!-- /cases -->`
}

/** The document with the tables as they are now. */
export const withCaseTable = (document: string) =>
  document.replace(/<!-- cases -->[\s\S]*<!-- \/cases -->/, () => caseTable())
