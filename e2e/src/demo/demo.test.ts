import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../product.js'

interface Outcome {
  readonly code: number
  readonly stdout: string
}

const demo = (...flags: string[]) =>
  new Promise<Outcome>(resolve => {
    const file = join(root, 'e2e', 'dist', 'demo', 'main.js')
    execFile(process.execPath, [file, ...flags], { timeout: 45_000 }, (error, stdout) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout }),
    )
  })

describe('npm run demo', { timeout: 60_000 }, () => {
  it('tells a call from registration to history, and exits with 0', async () => {
    const { code, stdout } = await demo()
    expect({ code, stdout }).toMatchObject({ code: 0 })
    const steps = [
      'server  is ready',
      'Ada     POST /create_user',
      'Ben     POST /create_user',
      'Ada     POST /login',
      'Ada     POST /add_contact',
      'Ada     ← connected',
      'Ben     ← connected',
      'Ada     → call',
      'Ben     ← call',
      'Ada     ← ringing',
      'Ben     → callResponse',
      'Ada     ← callResponse',
      'Ada     → ICECandidate',
      'Ben     ← ICECandidate',
      'Ben     → ICECandidate',
      'Ada     ← ICECandidate',
      'media   connected',
      'media   data, both ways',
      'media   audio, both ways',
      'Ada     → HangUp',
      'Ben     ← HangUp',
      'Ada     GET /get_call_history',
      'phone   GET /',
      'server  has stopped',
      '✓ They talked',
    ]
    expect(steps.filter(step => !stdout.includes(step))).toEqual([])
    const times = [...stdout.matchAll(/^ +(\d+\.\d{3}) s/gm)].map(([, time]) => Number(time))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(stdout).not.toContain('\u001b')
  })

  it('tells the same as JSON', async () => {
    const { code, stdout } = await demo('--json')
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect({ code, last: lines.at(-1) }).toMatchObject({
      code: 0,
      last: { ok: true, outcome: 'answered', rtp_sent: 50, rtp_received: [50, 50] },
    })
  })

  it('fails, by its exit code and in one line, when media does not connect', async () => {
    const { code, stdout } = await demo('--drop-candidates')
    expect(code).toBe(1)
    expect(stdout.trim().split('\n').at(-1)).toBe('✗ The demo failed: media did not connect within 3 s')
  })
})
