// Which tools there are, and what to do about those that are not.
import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export const say = text => process.stdout.write(`${text}\n`)

/** The exit code of a script whose tool is not there: it says nothing of the product. */
export const missingTool = 3

function isThere(command) {
  return (process.env.PATH ?? '').split(delimiter).some(directory => {
    try {
      accessSync(join(directory, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Says in one line what is missing and ends the script. */
export function stopFor(what, advice) {
  say(`MISSING  ${what}: ${advice}`)
  process.exit(missingTool)
}

/** Where it can (Debian, root), installs the package of a command that is missing; otherwise says how to. */
export function need(command, debianPackage = command) {
  if (isThere(command)) return
  const advice = `apt-get install ${debianPackage} (Debian), or put "${command}" on the PATH`
  if (process.getuid?.() !== 0 || !isThere('apt-get')) stopFor(command, advice)
  say(`         ${command} is not there: installing Debian's ${debianPackage}`)
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env })
    const install = ['install', '-y', '-qq', '--no-install-recommends', debianPackage]
    execFileSync('apt-get', install, { stdio: 'ignore', env })
  } catch {
    stopFor(command, `apt-get could not install it; ${advice}`)
  }
  if (!isThere(command)) stopFor(command, `Debian's ${debianPackage} does not bring it; ${advice}`)
}
