import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

// npm passes signals to the shell it runs a script in, and most shells do not pass them on.
it.skipIf(process.platform === 'win32')(
  'npm start ends with the server, and the server with npm start',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'switchboard-npm-'))
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: root,
      env: {
        ...process.env,
        DATA_DIR: join(directory, 'data'),
        TOKEN_KEY_FILE: join(directory, 'token.key'),
        API_PORT: '0',
        SIGNAL_PORT: '0',
        HOST: '127.0.0.1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = new Promise<number | null>(resolve => npm.once('exit', resolve))
    try {
      const ready = new Promise<string>((resolve, reject) => {
        let printed = ''
        npm.stdout.on('data', data => {
          printed += String(data)
          const line = printed.split('\n').find(each => each.includes('"msg":"ready"'))
          if (line) resolve(line)
        })
        void exited.then(code => reject(new Error(`npm start ended with ${code}`)))
      })
      const { api } = JSON.parse(await ready) as { api: string }
      npm.kill('SIGTERM')
      expect(await exited).toBe(0)
      await expect(fetch(`${api}/health/live`)).rejects.toThrow()
    } finally {
      npm.kill('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    }
  },
  60_000,
)
