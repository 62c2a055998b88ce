import { inSmall } from './in-small.js'

// F14 takes half a minute even in small: `npm run test:faults -- --quick F14`.
inSmall('F6', 'F7', 'F28')
