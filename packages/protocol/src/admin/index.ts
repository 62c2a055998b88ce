export * from './errors.js'
export * from './identity.js'
export * from './views-calls.js'
export * from './views-overview.js'
