export { type Frame, openWire, type Wire, type WireOptions } from 'switchboard-conformance/wire'
