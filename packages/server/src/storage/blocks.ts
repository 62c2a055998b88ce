import type { PhoneNumber } from '@switchboard/protocol'
import type { BlockStore } from '../directory/stores.js'
import { type Queryable, statement } from './database.js'

// Who had the number when it was blocked stays blocked under another number. A number that was nobody's is its new
// owner's when it is blocked again.
const add = statement<{ owner_id: string }>(
  'blocks.add',
  `with holder as (
     select id from users where phone_number = $2 for key share
   )
   insert into blocks (owner_id, phone_number, user_id, created_at)
   select $1, $2, (select id from holder), $3
   where (select count(*) from blocks where owner_id = $1) < $4
     or exists (select 1 from blocks where owner_id = $1 and phone_number = $2)
   on conflict (owner_id, phone_number) do update set user_id = coalesce(blocks.user_id, excluded.user_id)
   returning owner_id`,
)
const remove = statement<object>(
  'blocks.remove',
  'delete from blocks where owner_id = $1 and phone_number = $2',
)
const list = statement<{ number: PhoneNumber; createdAt: Date }>(
  'blocks.list',
  `select phone_number as number, created_at as "createdAt" from blocks
   where owner_id = $1
   order by created_at, phone_number`,
)

export const pgBlocks = (db: Queryable): BlockStore => ({
  add: async (tx, { ownerId, number, createdAt, atMost }) =>
    (await tx.query(add, [ownerId, number, createdAt, atMost])).length > 0,

  async remove(tx, ownerId, number) {
    await tx.query(remove, [ownerId, number])
  },

  list: ownerId => db.query(list, [ownerId]),
})
