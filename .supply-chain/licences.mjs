/** Licences that let anybody run, change and pass on the product under its own. */
export const allowed = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['MPL-2.0', 'Unlicense', 'CC0-1.0', 'Python-2.0', 'Zlib', 'PostgreSQL'],
  'OFL-1.1', // of typefaces
])

/** What a manifest says of its licence; old ones say it in other ways. */
const licenceOf = ({ license, licenses }) =>
  license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none'

/** Whether an SPDX expression leaves a way to take the package under allowed licences alone. */
export function isAllowed(expression) {
  const bare = expression.replaceAll(/[()]/g, '')
  return bare.split(' OR ').some(way => way.split(' AND ').every(id => allowed.has(id.trim())))
}

export const licenceFaults = packages =>
  packages
    .filter(manifest => !isAllowed(licenceOf(manifest)))
    .map(manifest => `${manifest.name} ${manifest.version}: licence ${licenceOf(manifest)}`)
