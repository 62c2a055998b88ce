import type { PhoneNumber, UserId } from '@switchboard/protocol'

export interface Person {
  readonly userId: UserId
  readonly number: PhoneNumber
}
