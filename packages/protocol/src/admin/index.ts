export * from './errors.js'
export * from './identity.js'
export * from './views-system.js'
export * from './views-users.js'
