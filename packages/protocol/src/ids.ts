declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A person, by a UUIDv7 that never changes; the phone number may. */
export type UserId = Branded<'UserId'>
/** One call, from the first `call` to its end, renegotiations included. */
export type CallId = Branded<'CallId'>
/** One device of a user while it is connected, and through its resume window: `SESSION` on the wire. */
export type DeviceId = Branded<'DeviceId'>
/** One login, by the `sid` of its tokens. */
export type LoginId = Branded<'LoginId'>
/** A phone number in its canonical form (contract section 1). */
export type PhoneNumber = Branded<'PhoneNumber'>
