/**
 * The generation of the wire: raised with what an old client or node cannot speak. Every other change of a message or
 * route raises the version of this package alone; `wire.json` holds what goes with which.
 * 1: the first.
 */
export const PROTOCOL_VERSION = 1
