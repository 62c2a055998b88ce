/** Two jacks and the cord between them. */
const mark = (cord: string, jack: string) =>
  `<g fill="none" stroke-width="3" stroke-linecap="round"><path d="M8 11 C 8 27, 24 5, 24 21" stroke="${cord}"/></g><circle cx="8" cy="8" r="4.5" fill="${jack}"/><circle cx="24" cy="24" r="4.5" fill="${jack}"/>`

/** The wordmark, for dark bars. */
export const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 190 32" height="32" role="img" aria-label="Switchboard">' +
  mark('#7cc4dc', '#ffffff') +
  '<text x="42" y="23" font-family="system-ui, sans-serif" font-size="22" font-weight="600" fill="#ffffff">Switchboard</text></svg>'

/** The mark alone, on its own ground. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#12343f"/>' +
  `${mark('#7cc4dc', '#ffffff')}</svg>`
