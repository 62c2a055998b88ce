import { inSmall } from './in-small.js'

inSmall('F3', 'F4', 'F5')
