import { inSmall } from './in-small.js'

// Network namespaces are root's to make. F8 and F21B take half a minute even in small: `npm run test:faults -- --quick`.
if (process.getuid?.() === 0) inSmall('F9')
