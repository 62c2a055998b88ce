import type { Client } from 'pg'
import { bulkLoad } from '../seed/bulk-load.js'
import { settle, sqlUser } from '../seed/people.js'

const firstNames = `Anna Maria Erik Lars Karl Anders Margareta Johan Eva Per Nils Elisabeth Kristina Birgitta Mikael Jan
  Hans Peter Carl Lena Åsa Örjan Łukasz José Zoë Siân Nguyễn Ольга Γιώργος 李 明 محمد Mohammed Fatima Ali Sara Emma Olivia
  Noah Liam Wilma Hugo Jean-Luc Mary-Ann O'Neil Dag Bo Ly Xerxes Quirin`
const lastNames = `Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson
  Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Berg Axelsson
  Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin
  Ali Mohamed Hassan Ahmed Nguyen Kowalski Müller Dvořák García-Márquez Öberg Åberg Björk`
const domains = `gmail.com hotmail.com outlook.com icloud.com telia.se yahoo.com live.se example.org`

/** The nth of a list, the first ones most often: a square of what is drawn evenly. */
const often = (list: string, salt: number) =>
  `(string_to_array('${list.replaceAll("'", "''").trim().split(/\s+/).join(' ')}', ' '))
     [1 + floor(power((hashint8(n * 31 + ${salt})::bigint & 1048575) / 1048576.0, 2) * ${list.trim().split(/\s+/).length})::int]`

/**
 * Users as a service has them: a few names, one mail provider and one area code belong to very many. The oldest tenth came
 * from elsewhere at once, with a mail domain of its own; the older half has numbers that the newer half has not.
 */
export async function seedCrowd(client: Client, users: number): Promise<void> {
  await bulkLoad(client, 'users', async () => {
    await client.query(
      `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
       select ${sqlUser('n')}, number, mail, mail, first || middle, last, '$argon2id$nobody',
         now() - (${users} - n) * interval '1 second'
       from generate_series(0, ${users - 1}::bigint) n,
         lateral (select ${often(firstNames, 1)} as first, ${often(lastNames, 2)} as last,
           case when n % 50 = 0 then ' ' || ${often(firstNames, 3)} else '' end as middle,
           case when n < ${users / 2} then '+4670' else '+4676' end || lpad((n * 7919 % 10000000)::text, 7, '0') as number) who,
         lateral (select lower(translate(first || '.' || last, 'ÅåÄäÖö''', 'aaaaoo')) || n || '@' ||
           case when n < ${users / 10} then 'imported.example' else ${often(domains, 4)} end as mail) at
       order by n`,
    )
  })
  await settle(client)
}
