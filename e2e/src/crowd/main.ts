import { createCrowd } from './crowd.js'

// Clients in a process of their own, so that they do not share the event loop of who measures them.
const crowd = createCrowd() as unknown as Record<string, (...args: unknown[]) => unknown>

process.on('message', ({ id, name, args }: { id: number; name: string; args: unknown[] }) => {
  const answered = async () => crowd[name]?.(...args)
  answered().then(
    result => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: (error as Error).stack ?? String(error) }),
  )
})
process.on('disconnect', () => process.exit())
