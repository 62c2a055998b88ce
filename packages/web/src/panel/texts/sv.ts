import type { PanelTexts } from './like.js'
import { administrators } from './sv/administrators.js'
import { frame } from './sv/frame.js'
import { system } from './sv/system.js'
import { usersAndCalls } from './sv/users-and-calls.js'

export const sv: PanelTexts = { ...frame, ...administrators, ...usersAndCalls, ...system }
