import type { Like } from '../../texts/like.js'
import type { en } from './en.js'

export type PanelTexts = Like<typeof en>
