import { administrators } from './en/administrators.js'
import { frame } from './en/frame.js'
import { system } from './en/system.js'
import { usersAndCalls } from './en/users-and-calls.js'

export const en = { ...frame, ...administrators, ...usersAndCalls, ...system } as const
