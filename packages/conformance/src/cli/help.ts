export const help = `Does a server keep Switchboard's contract? Tries REST and signaling from outside.

  switchboard-conformance <url>... [options]

  <url>                   where REST is, like http://localhost:8080; of several nodes each in turn
  --signal <url>          where WebSockets are, like ws://localhost:4000, as often as there are nodes;
                          without it /signal of <url>
  --only <id>             a section or a case, by the beginning of its id; may be said again
  --list                  all cases, and where the contract says so
  --jobs <n>              cases at a time (8)

  --profile <name>        standard or strict; found out when not said
  --plan <name>           open or e164; found out when not said
  --ring-timeout <s>      RING_TIMEOUT_SECONDS of the server (60)
  --resume-window <s>     RESUME_WINDOW_SECONDS of the server (30)
  --slow                  tries what takes longer than 10 s too
  --limits                tries limits too; they keep others at this address out for a while
  --patience <s>          how long a limit is waited for that stands before another case (15)
  --mailbox-url <url>     where the mail to {email} can be read as text, for password resets
  --ca <file>             an authority that vouches for the server's certificate

  --json <file>           the outcome as JSON, - for standard output
  --junit <file>          the outcome as JUnit XML
  --verbose               a line for every case
  --version, --help

It registers users with random numbers, and deletes them in the end.
Exit codes: 0 everything that could be tried held · 1 something did not hold · 2 it could not be tried:
said wrongly, nobody there, or a limit stood before a case · 130 it was interrupted.
`
