export { type RestOptions, type RestResponse, request } from 'switchboard-conformance/wire'
