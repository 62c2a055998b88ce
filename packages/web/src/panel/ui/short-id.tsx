/** The end of an id, which tells it from others; all of it for whoever points at it. */
export const ShortId = ({ id }: { readonly id: string }) => <code title={id}>{id.slice(-8)}</code>
