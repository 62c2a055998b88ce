import { styleText } from 'node:util'
import { roles } from '@switchboard/protocol/admin'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { ExitCode } from './exit-codes.js'
import { version } from './version.js'
import type { World } from './world.js'

const exitCodeHelp = `
Exit codes:
  0  done
  1  it failed, or a check did
  2  the command line or the configuration is wrong; nothing was begun

Settings come from the environment and from .env in the working directory; "switchboard doctor --settings" lists them.`

/** The commands; what they do is loaded when one is called. */
export function buildProgram(world: World, ended: (code: ExitCode) => void): Command {
  const { terminal } = world
  const program = new Command('switchboard')
    .description('A self-hosted calling backend: accounts, contacts, and WebRTC signaling over WebSocket.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .configureHelp({
      styleTitle: title => (terminal.colour ? styleText('bold', title, { validateStream: false }) : title),
    })
    .configureOutput({
      writeOut: text => terminal.out(text.trimEnd()),
      writeErr: text => terminal.err(text.trimEnd()),
      getOutHasColors: () => terminal.colour,
      getErrHasColors: () => terminal.colour,
      outputError: (text, write) => write(oneLine(text)),
    })
    .helpCommand('help [command]', 'show the help of a command')

  program
    .command('serve')
    .description('run the server until it is told to stop (SIGTERM, Ctrl-C)')
    .action(async () => ended(await (await import('./serve.js')).serve(world)))
  program
    .command('migrate')
    .description('bring the database schema up to date; serve does this by itself')
    .action(async () => (await import('./migrate.js')).migrate(world))
  program
    .command('backup')
    .description('write the whole database, as it is now, to one file; servers may go on meanwhile')
    .argument('<where>', 'a file that is not there yet, or a directory: then the file is named by the time')
    .action(async where => (await import('./backup/commands.js')).backup(world, where))
  program
    .command('restore')
    .description('fill an empty database with what a backup holds')
    .argument('<file>', 'what "backup" wrote')
    .option('--check', 'restore nothing: read the file to its end, and say whether it is whole')
    .action(async (file, options) => (await import('./backup/commands.js')).restore(world, file, options))
  addUserCommands(program.command('user').description('look at accounts, and act on them'), world)
  addAdminCommands(program.command('admin').description('who may use the admin panel'), world)
  addKeyCommands(program.command('keys').description('the key that signs tokens'), world)
  program
    .command('doctor')
    .description('check configuration, database, key, mail and TURN, and say what to do about each fault')
    .option('--json', 'print JSON')
    .option('--settings', 'also list every setting and where it comes from')
    .action(async options => ended(await (await import('./doctor/doctor.js')).doctor(world, options)))
  program
    .command('plan')
    .description('machines for so many users and calls, and why')
    .requiredOption('--users <count>', 'registered users', large)
    .requiredOption('--calls-per-day <count>', 'of all users together', large)
    .option('--regions <count>', 'regions that share the users evenly', count, 1)
    .option('--coefficients', 'also list what it reckons with and where that is from')
    .option('--json', 'print JSON')
    .action(async options => (await import('./plan/plan.js')).plan(world, options))
  return program
}

function addUserCommands(user: Command, world: World): void {
  const load = () => import('./user/commands.js')
  const who: [string, string] = ['<who>', 'a phone number, a mail address or a user id']
  user
    .command('list')
    .description('list accounts, the oldest first')
    .option('--json', 'print JSON, one account a line')
    .option('--limit <count>', 'how many at most', count, 100)
    .action(async options => (await load()).list(world, options))
  user
    .command('show')
    .description('show an account')
    .argument(...who)
    .option('--json', 'print JSON')
    .action(async (written, options) => (await load()).show(world, written, options))
  user
    .command('disable')
    .description('end all logins of an account, and let nobody log in to it')
    .argument(...who)
    .action(async written => (await load()).disable(world, written))
  user
    .command('enable')
    .description('let its owner log in again')
    .argument(...who)
    .action(async written => (await load()).enable(world, written))
  user
    .command('delete')
    .description('delete an account with its contacts, logins and history, for good')
    .argument(...who)
    .option('--yes', 'yes, delete it')
    .action(async (written, options) => (await load()).remove(world, written, options))
}

function addAdminCommands(admin: Command, world: World): void {
  const load = () => import('./admin/commands.js')
  const role = new Option('--role <role>', 'what they may do').choices([...roles]).default('owner')
  admin
    .command('create')
    .description('make an administrator; prints a password unless it asks for one')
    .argument('<name>', 'the name to sign in by')
    .addOption(role)
    .option('--ask', 'ask for the password, or read it from a pipe')
    .action(async (name, options) => (await load()).create(world, name, options))
  admin
    .command('list')
    .description('list the administrators')
    .option('--json', 'print JSON, one administrator a line')
    .action(async options => (await load()).list(world, options))
  for (const [command, about] of [
    ['disable', 'end all sessions of an administrator, and let nobody sign in as them'],
    ['enable', 'let them sign in again'],
    ['reset', 'take password and second factors away, and print a link to choose new ones by'],
  ] as const)
    admin
      .command(command)
      .description(about)
      .argument('<name>', 'the name they sign in by')
      .action(async name => (await load())[command](world, name))
}

function addKeyCommands(keys: Command, world: World): void {
  const load = () => import('./keys.js')
  const kind = () =>
    new Option('--type <type>', 'kind of key').choices(['p256', 'ed25519', 'rsa']).default('p256')
  keys
    .command('generate')
    .description('make a key where there is none; serve does this by itself')
    .addOption(kind())
    .option('--force', 'also take the place of a key that is there: every token made with it dies')
    .action(async options => (await load()).generate(world, options))
  keys
    .command('rotate')
    .description('make a new key; the tokens of the one before stay good until they expire')
    .addOption(kind())
    .action(async options => (await load()).rotate(world, options))
}

function count(written: string): number {
  if (/^[1-9]\d{0,5}$/.test(written)) return Number(written)
  throw new InvalidArgumentError('Give a whole number from 1 to 999999.')
}

function large(written: string): number {
  const plain = written.replaceAll(/[,_]/g, '')
  if (/^\d{1,12}$/.test(plain) && Number(plain) > 0) return Number(plain)
  throw new InvalidArgumentError('Give a whole number from 1 to 999,999,999,999.')
}

/** Commander's "error: unknown option '--x'", with its suggestion on the same line. */
const oneLine = (text: string) =>
  `${text
    .trim()
    .replace(/^error: /, 'switchboard: ')
    .replace(/\s*\n\s*/g, ' ')}\n`
