import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { establish, expectHangUp } from '../expectations.js'
import { freshNumber } from '../people.js'
import { type Postgres, startPostgres } from '../postgres.js'
import { running } from '../running.js'

// A distributed database takes transactions back far more often than a single server: here every so many statements.
// Further apart than the statements of any one transaction, so that the next try gets through.
const every = 25
const inject = `
  create sequence statements;
  create function take_back() returns trigger language plpgsql as $$
  declare turn bigint := nextval('statements');
  begin
    if turn % ${2 * every} = 0 then raise exception 'injected' using errcode = '40P01'; end if;
    if turn % ${every} = 0 then raise exception 'injected' using errcode = '40001'; end if;
    return null;
  end $$;
  do $$ declare name text; of_table text; begin
    -- As CockroachDB makes it of our migrations: its integers have eight bytes.
    for of_table, name in select table_name, column_name from information_schema.columns
        where table_schema = 'public' and data_type = 'integer' loop
      execute format('alter table %I alter %I type bigint', of_table, name);
    end loop;
    for name in select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
      execute format('create trigger take_back after insert or update or delete on %I for each statement execute function take_back()', name);
    end loop;
  end $$`

describe('a database that takes work back', () => {
  let postgres: Postgres
  let admin: pg.Client
  // As CockroachDB has it by default: transactions that meet fail, for real.
  const isolation = '?options=-c%20default_transaction_isolation%3Dserializable'
  const server = running({
    env: async () => {
      postgres = await startPostgres()
      const url = await postgres.database('serializable')
      admin = new pg.Client({ connectionString: url })
      await admin.connect()
      return { DATABASE_URL: url + isolation }
    },
  })
  afterAll(async () => {
    await admin.end()
    await postgres.stop()
  })

  /** Nothing else rolls back here: no request of this test is refused. */
  const takenBack = async () => {
    const { rows } = await admin.query<{ count: string }>(
      'select xact_rollback as count from pg_stat_database where datname = current_database()',
    )
    return Number(rows[0]?.count)
  }

  it('does so when many write at once; nobody is told', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => server.join()))
    const before = await takenBack()
    const writes = Array.from({ length: 120 }, async (_, index) => {
      const { token } = people[index % 3] ?? {}
      if (index % 2)
        return server.rest('PUT', '/put_firstname', { token, body: { firstname: `Mara ${index}` } })
      return server.rest('PUT', '/block_number', { token, body: { phone_number: freshNumber() } })
    })
    const answers = await Promise.all(writes)
    expect(answers.filter(({ status }) => status >= 300).map(({ text }) => text)).toEqual([])
    // PostgreSQL's sessions tell their figures some time later.
    await expect.poll(takenBack, { timeout: 20_000, interval: 100 }).toBeGreaterThan(before)
  })

  describe('every so many statements', () => {
    beforeAll(() => admin.query(inject))

    it('does so to accounts and calls; nobody is told', async () => {
      const [ada, ben] = [await server.join(), await server.join()]
      for (let round = 0; round < 20; round++) {
        const steps = [
          ['PUT', '/put_firstname', { firstname: `Ada ${round}` }, 200],
          ['PUT', '/put_phonenumber', { phonenumber: freshNumber() }, 200],
          ['POST', '/add_contact', { contact_phonenumber: ben.phone_number }, 201],
          ['DELETE', '/delete_contact', { contact_phonenumber: ben.phone_number }, 204],
          ['PUT', '/block_number', { phone_number: freshNumber() }, 204],
        ] as const
        for (const [method, path, body, status] of steps)
          expect(await server.rest(method, path, { token: ada.token, body }), path).toMatchObject({ status })
      }
      const other = await server.again(ada)
      const password = `${ada.password} and more`
      const change = { current_password: ada.password, new_password: password }
      expect((await server.rest('PUT', '/change_password', { token: ada.token, body: change })).status).toBe(
        204,
      )
      expect((await server.rest('GET', '/get_user', { token: other.token })).status).toBe(401)
      const { body } = await server.rest('GET', '/get_user', { token: ada.token })
      expect(body.firstname).toBe('Ada 19')

      const [cara, dan] = [await server.device(), await server.device()]
      for (let round = 0; round < 10; round++) {
        const callId = await establish(cara, dan)
        expect(await cara.ask({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: dan.number })).toMatchObject({
          REASON: 'ack',
        })
        await expectHangUp(dan, 'hung_up', callId)
      }
      const history = await server.rest('GET', '/get_call_history', { token: cara.account.token })
      expect(history.body.calls).toHaveLength(10)
      expect(
        await server.rest('DELETE', '/delete_user', { token: ada.token, body: { password } }),
      ).toMatchObject({
        status: 204,
      })
      const { rows } = await admin.query<{ last_value: string }>('select last_value from statements')
      expect(Number(rows[0]?.last_value) / every).toBeGreaterThan(4)
    })
  })
})
