import { beforeEach, describe } from 'vitest'
import { busContract } from './contract.testing.js'
import { createLocalHub } from './local.js'

describe('within one process', () => {
  let hub = createLocalHub()
  beforeEach(() => {
    hub = createLocalHub()
  })
  busContract(async () => hub.join())
})
