/** A request and a socket as a black box has them: every byte is the caller's, and what came is kept. */
export { connectDevice, type Device, type DeviceOptions, freshSdp, type Holder } from './device.js'
export { type RestOptions, type RestResponse, request } from './request.js'
export { type Closed, type Frame, openWire, type Wire, type WireOptions } from './socket.js'
