export type {
  CallHistoryView,
  CallView,
  Cause,
  ContactView,
  ExportView,
  IceServer,
  PresenceView,
  SettingsView,
  UserView,
} from '@switchboard/protocol'
export type { Call, CallEvents } from './calls/call.js'
export type { Phase } from './calls/progress.js'
export type { Listening } from './emitter.js'
export { type Environment, systemEnvironment } from './environment.js'
export {
  type CallEnd,
  CallError,
  ConnectionError,
  MediaError,
  NetworkError,
  RequestError,
  SwitchboardError,
} from './errors.js'
export type {
  Candidate,
  Description,
  Media,
  MediaHooks,
  MediaSession,
  MediaStats,
  OpenMedia,
  Wanted,
} from './media/media.js'
export type { Quality } from './media/quality.js'
export { type WebRtcParts, webRtc } from './media/web-rtc.js'
export type { Phone, PhoneEvents } from './phone.js'
export type { Account, Blocking, Contacts, PageQuery, Settings } from './rest/resources.js'
export type { SessionStore } from './session/store.js'
export {
  type Decision,
  type Lost,
  type ReconnectPolicy,
  reconnectPolicy,
} from './signaling/reconnect-policy.js'
export { type Credentials, type Server, Switchboard, type SwitchboardOptions } from './switchboard.js'
export type { Transport, WebSocketLike } from './transport.js'
