/** Where the server has the site; `npm run docs:build -- --base /elsewhere/` for another place. */
export const base = '/docs/guide/'
