import Type from 'typebox'

/** An id in a query string, as the server wrote it. */
export const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
