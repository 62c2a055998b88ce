declare const brand: unique symbol
/** One run of one process: who comes back after a crash is another node. */
export type NodeId = string & { readonly [brand]: 'NodeId' }

/** Where a node takes what others send to it alone. */
export const nodeSubject = (node: NodeId) => `switchboard.node.${node}`
/** Where nodes say that they live. */
export const beatSubject = 'switchboard.beat'
/** Where the node answers at which a user is at home. */
export const homeSubject = (userId: string) => `switchboard.home.${userId}`
