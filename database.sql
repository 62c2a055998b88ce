-- The database of Switchboard, for who sets it up by hand; the server does it by itself otherwise.
--
-- Run it once on an empty database, as the user that the server will connect as:
--   createdb switchboard
--   psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file database.sql
-- and start the server with the same DATABASE_URL. Later versions bring it up to date themselves.
--
-- Made from packages/server/migrations: do not edit it, run
--   npm run build && node packages/server/dist/storage/database-sql.js > database.sql

begin;

create table schema_migrations (
  version integer primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
);

-- People. A number and an email belong to one user at most: the constraints say so, not the code.
create table users (
  id uuid primary key,
  phone_number text not null constraint users_phone_number_key unique
    constraint users_phone_number_canonical check (phone_number ~ '^[+]?[0-9]{3,15}$'),
  email text not null constraint users_email_length check (char_length(email) between 3 and 254),
  -- The email as it is compared: without case.
  email_key text not null constraint users_email_key_key unique
    constraint users_email_key_lower check (email_key = lower(email_key)),
  firstname text not null constraint users_firstname_length check (char_length(firstname) between 1 and 100),
  lastname text not null constraint users_lastname_length check (char_length(lastname) between 1 and 100),
  password_hash text not null constraint users_password_hash_kind check (password_hash like '$argon2id$%'),
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- One row a login; its id is the `sid` of the login's tokens. Ending it ends them all.
create table logins (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null constraint logins_expire_later check (expires_at > created_at),
  ended_at timestamptz,
  -- Rises with a change of password: of the login's tokens only those of this generation count, and kept_token.
  generation integer not null default 0,
  kept_token uuid
);
create index logins_user_id on logins (user_id);

-- A password reset: a code by mail, then a token for the right code; each good once. The token's `jti` is the id.
create table password_resets (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  code_hash bytea not null,
  created_at timestamptz not null,
  code_expires_at timestamptz not null,
  attempts integer not null default 0 constraint password_resets_attempts check (attempts between 0 and 5),
  -- Set when a newer code takes this one's place.
  superseded_at timestamptz,
  code_used_at timestamptz,
  token_expires_at timestamptz,
  token_used_at timestamptz
);
create index password_resets_user_id on password_resets (user_id);

-- A contact points at a user, not at a number. Ids are UUIDv7, so their order is the order of adding.
create table contacts (
  id uuid not null,
  owner_id uuid not null references users (id) on delete cascade,
  contact_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null,
  primary key (owner_id, contact_id),
  constraint contacts_not_self check (owner_id <> contact_id)
);
create index contacts_page on contacts (owner_id, id);
create index contacts_contact_id on contacts (contact_id);

-- A blocked number, and the user who had it when it was blocked: a new number does not slip past.
create table blocks (
  owner_id uuid not null references users (id) on delete cascade,
  phone_number text not null constraint blocks_phone_number_canonical check (phone_number ~ '^[+]?[0-9]{3,15}$'),
  user_id uuid references users (id) on delete cascade,
  created_at timestamptz not null,
  primary key (owner_id, phone_number)
);
create index blocks_user_id on blocks (user_id);
-- Deleting an account removes its number from the blocks of others.
create index blocks_phone_number on blocks (phone_number);

-- Strict profile: a released number rests before somebody else may have it. Its SHA-256, so that no number of a deleted
-- account stays behind; user_id is who may have it back before, and null once that account is gone.
create table resting_numbers (
  number_digest bytea primary key,
  user_id uuid references users (id) on delete set null,
  rests_until timestamptz not null
);
create index resting_numbers_until on resting_numbers (rests_until);
create index resting_numbers_user_id on resting_numbers (user_id);

-- Calls: history, and the rescue of the living ones after a restart. Numbers are those of the time of the call.
-- callee_id is null when the number reached nobody or the callee had blocked the caller.
create table calls (
  id uuid primary key,
  caller_id uuid references users (id) on delete set null,
  callee_id uuid references users (id) on delete set null,
  caller_number text,
  callee_number text,
  caller_device uuid,
  callee_device uuid,
  caller_login uuid,
  callee_login uuid,
  state text not null constraint calls_state check (state in ('ringing', 'established', 'ended')),
  started_at timestamptz not null,
  -- When a device of the callee was first given the call.
  rang_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  end_cause text constraint calls_end_cause check (end_cause in ('hung_up', 'cancelled', 'denied', 'busy',
    'no_answer', 'unavailable', 'answered_elsewhere', 'declined_elsewhere', 'glare', 'connection_lost',
    'ended_by_admin')),
  -- The offer and the candidates held so far, as JSON, only while it rings.
  ringing_payload text,
  constraint calls_ended check ((state = 'ended') = (ended_at is not null and end_cause is not null)),
  constraint calls_established check (state <> 'established' or answered_at is not null),
  constraint calls_payload_while_ringing check (state = 'ringing' or ringing_payload is null)
);
create index calls_caller on calls (caller_id, id);
create index calls_callee on calls (callee_id, id);
-- Calls that reached nobody, found by the number dialled when its owner deletes the account.
create index calls_unreached on calls (callee_number) where callee_id is null;
create index calls_living on calls (state) where state <> 'ended';

-- Every step of a call: who was asked, which device was given the ring and when, what ended it.
create table call_events (
  call_id uuid not null references calls (id) on delete cascade,
  -- Rises within the call, across restarts: milliseconds since the epoch, then a counter.
  seq bigint not null,
  at timestamptz not null,
  kind text not null,
  device uuid,
  detail text,
  primary key (call_id, seq)
);

-- Mail to be sent, or kept when no mail server is configured (state kept, its text sealed).
create table mail_jobs (
  id uuid primary key,
  kind text not null constraint mail_jobs_kind check (kind in ('reset_code', 'password_changed', 'number_changed')),
  recipient text not null,
  recipient_key text not null,
  state text not null constraint mail_jobs_state check (state in ('waiting', 'kept', 'failed')),
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  give_up_at timestamptz not null,
  claimed_until timestamptz,
  sealed bytea,
  constraint mail_jobs_kept check (state <> 'kept' or sealed is not null)
);
create index mail_jobs_due on mail_jobs (next_attempt_at) where state = 'waiting';
create index mail_jobs_recipient on mail_jobs (recipient_key);

-- What other processes must know of accounts within a second: every node reads the feed. No foreign keys: it outlives
-- its users. login_id null means every login of the user but except_login.
create table account_events (
  id uuid primary key,
  at timestamptz not null default now(),
  kind text not null constraint account_events_kind check (kind in ('logins_ended', 'profile_changed')),
  user_id uuid not null,
  login_id uuid,
  except_login uuid,
  reason text
);
create index account_events_at on account_events (at);

insert into schema_migrations (version, name, checksum)
values (1, 'initial', 'acf335afcdd0fd051838b1249dfd0a1503e314fc1817b922670e0a225fe27ac6');

-- Limits that hold across nodes and restarts. Keys are keyed hashes (HMAC-SHA-256): no address, email or user stands
-- here. Times are microseconds since the epoch by the database's clock, the one clock that all nodes share.
create table throttles (
  key bytea primary key,
  -- A bucket's state: when the next arrival is due at the long-term rate (GCRA's theoretical arrival time).
  arrival bigint not null,
  -- When the latest ones came, oldest first and no two alike: what windows look at.
  stamps bigint[] not null,
  -- From here on the row says nothing that no row would not say.
  recovered_at bigint not null
);
create index throttles_recovered_at on throttles (recovered_at);

-- Wrong passwords in a row, of accounts and of emails that have none. With the empty address: of the account as a
-- whole. With an address: from there, where its owner has logged in before.
create table failed_logins (
  account bytea not null,
  address bytea not null,
  failures integer not null constraint failed_logins_failures check (failures >= 0),
  next_at bigint not null,
  seen_at bigint not null,
  primary key (account, address)
);
create index failed_logins_seen_at on failed_logins (seen_at);

insert into schema_migrations (version, name, checksum)
values (2, 'throttles', '41c8770d428a79a444faaa7d3d07aad3fbd755d167d2558700003f29bbfb9d93');

-- What a user lets strangers have: an address through ICE candidates, or a call at all. A stranger is who is not a
-- contact of this user.
alter table users add column relay_only_for_strangers boolean not null default false;
alter table users add column calls_from_contacts_only boolean not null default false;

-- Whether only relayed candidates pass in this call; kept for a server that takes the call up after a restart.
alter table calls add column relay_only boolean not null default false;

insert into schema_migrations (version, name, checksum)
values (3, 'privacy', '1914c22a41f1acd4e316105c1f022704e9b7ff7c784a60ed4c6e647a772bf389');

-- Secrets that outlast the token keys, such as the one that released numbers are hashed with: sealed (AES-256-GCM)
-- under each token key that the servers have. `key_id` tells which, and nothing of it.
create table lasting_secrets (
  purpose text not null,
  key_id bytea not null,
  sealed bytea not null,
  primary key (purpose, key_id)
);

-- Whether the digest is keyed (HMAC-SHA-256 of the SHA-256). Servers key the plain ones that they find.
alter table resting_numbers add column is_keyed boolean not null default false;
create index resting_numbers_plain on resting_numbers (number_digest) where not is_keyed;

-- Numbers that a user had before: calls that somebody placed to them and that reached nobody name no user, and are
-- found by these when the account is deleted.
create table former_numbers (
  user_id uuid not null references users (id) on delete cascade,
  phone_number text not null constraint former_numbers_canonical check (phone_number ~ '^[+]?[0-9]{3,15}$'),
  held_until timestamptz not null,
  primary key (user_id, phone_number)
);

insert into schema_migrations (version, name, checksum)
values (4, 'erasure', 'ef900cd71742d216e9b49fa492d85cd850d0d08677c02734610475df2a2331b0');

-- Nodes of a cluster. Each renews its lease; who let it run out is fenced by another node, which takes over its calls.
create table nodes (
  id uuid primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  fenced boolean not null default false
);

-- Which node decides about a living call, and how often that changed: a write under an older term changes nothing.
alter table calls add column owner uuid;
alter table calls add column term integer not null default 0;
create index calls_owner on calls (owner) where state <> 'ended';
create index calls_living_caller on calls (caller_id) where state <> 'ended';
create index calls_living_callee on calls (callee_id) where state <> 'ended';

insert into schema_migrations (version, name, checksum)
values (5, 'nodes', 'b8dc7f34742087e34ba79534d87563a276091c0f6d792d811b768702006dc8cd');

-- Deleting an account looks for its events, of which there is one for every change of a login.
create index account_events_user on account_events (user_id);

-- `calls_owner` holds the same calls: one index less to write at every step of each.
drop index calls_living;

insert into schema_migrations (version, name, checksum)
values (6, 'indexes', '3b3295df8b532f26acacd1a7995567bf76886f44f289754f1ebc1c23d4b7d914');

-- Events for the operator's receivers: a row an event and endpoint, written with what it tells of. Ids alone; numbers are
-- looked up when it is sent.
create table webhook_deliveries (
  -- The call or the user. No foreign key: the event of a deletion outlives its user.
  subject uuid not null,
  -- Its place among the events of the subject, which leave in this order. The key says that each comes once.
  step integer not null,
  -- Which URL, as the start of its SHA-256.
  endpoint text not null,
  type text not null constraint webhook_deliveries_type check (type in ('call.started', 'call.answered', 'call.ended',
    'user.created', 'user.deleted')),
  at timestamptz not null,
  caller_id uuid,
  callee_id uuid,
  started_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  cause text,
  state text not null default 'waiting' constraint webhook_deliveries_state
    check (state in ('waiting', 'delivered', 'given_up')),
  attempts integer not null default 0,
  -- While it is claimed: when the claim runs out.
  next_attempt_at timestamptz not null,
  claimed boolean not null default false,
  give_up_at timestamptz not null,
  -- The latest attempts: when, how long, what came of it.
  tries jsonb not null default '[]',
  primary key (subject, step, endpoint)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint, next_attempt_at, step) where state = 'waiting';
-- What the panel shows, and what is old enough to go.
create index webhook_deliveries_listed on webhook_deliveries (state, at, subject, step, endpoint);

insert into schema_migrations (version, name, checksum)
values (7, 'webhooks', '205db8a561b66a0ad8462db2fd9321972258a0a92b8aae3f93502c0e691e05ca');

-- Who may use the panel: people of their own, apart from users. One that was removed keeps its row and its name, so that
-- the audit log can say who it was, and nothing else. Without a password hash it was invited and has not come yet.
create table administrators (
  id uuid primary key,
  name text not null,
  name_key text constraint administrators_name_key unique,
  role text not null constraint administrators_role check (role in ('viewer', 'operator', 'owner')),
  password_hash text,
  -- A digest of the token in the link.
  invitation bytea constraint administrators_invitation unique,
  invitation_expires_at timestamptz,
  -- Sealed (AES-256-GCM); pending until a code of it was given. The step is that of the last code that was taken: a code
  -- is good once.
  totp_secret bytea,
  totp_pending bytea,
  totp_step bigint not null default 0,
  created_at timestamptz not null,
  last_sign_in_at timestamptz,
  disabled_at timestamptz,
  removed_at timestamptz
);

-- Under a digest of the token that the browser has. `awaits_second_factor`: a password was right, and no more.
create table admin_sessions (
  token_hash bytea primary key,
  administrator_id uuid not null references administrators (id) on delete cascade,
  awaits_second_factor boolean not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index admin_sessions_administrator on admin_sessions (administrator_id);

create table admin_passkeys (
  id uuid primary key,
  administrator_id uuid not null references administrators (id) on delete cascade,
  credential_id text not null constraint admin_passkeys_credential unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index admin_passkeys_administrator on admin_passkeys (administrator_id);

create table admin_recovery_codes (
  administrator_id uuid not null references administrators (id) on delete cascade,
  code_hash bytea not null,
  primary key (administrator_id, code_hash)
);

-- Challenges that a passkey has answered: each is good once.
create table admin_challenges (
  challenge_hash bytea primary key,
  expires_at timestamptz not null
);

-- What was done in the panel, and tried. Ids and closed words: a user's name or number is not in it.
create table audit_log (
  id uuid primary key,
  at timestamptz not null,
  administrator_id uuid,
  act text not null,
  subject_kind text,
  subject_id text,
  detail text not null,
  address text
);
create index audit_log_administrator on audit_log (administrator_id, id);
create index audit_log_act on audit_log (act, id);

-- Rows are only ever added, whoever asks.
create function audit_log_stays() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to' using errcode = '42501';
end
$$;
create trigger audit_log_stays before update or delete on audit_log for each row execute function audit_log_stays();

insert into schema_migrations (version, name, checksum)
values (8, 'administrators', '817c32275a4cfe8774214f36e4f28da4b87169e6abab246f34b66133f9f3555f');

-- The panel finds users by a part of their name, number or mail: an index over all runs of three characters. Made of what
-- every database has, for the extension pg_trgm is not everywhere (the embedded one is without it). A text is cut into
-- threes from its first, its second and its third character on. Two spaces stand before every word, so that one or two
-- characters at its beginning are a run of three too.
create index users_search on users using gin ((
  string_to_array(
    regexp_replace(
      '  ' || replace(lower(firstname || ' ' || lastname || ' ' || phone_number || ' ' || email), ' ', '  '),
      '(...)', E'\\1\x1f', 'g'
    ) || E'\x1f' || regexp_replace(
      ' ' || replace(lower(firstname || ' ' || lastname || ' ' || phone_number || ' ' || email), ' ', '  '),
      '(...)', E'\\1\x1f', 'g'
    ) || E'\x1f' || regexp_replace(
      replace(lower(firstname || ' ' || lastname || ' ' || phone_number || ' ' || email), ' ', '  '),
      '(...)', E'\\1\x1f', 'g'
    ),
    E'\x1f'
  )
));

insert into schema_migrations (version, name, checksum)
values (9, 'user_search', 'dcc27131dcb6f3bc5200a4910377bfe19885de291202bcf5ddc8a6b9c69fc025');

-- What the panel's lists are narrowed down by: how a call ended, and what became of a mail.
create index calls_cause on calls (end_cause, id) where end_cause is not null;
create index mail_jobs_state on mail_jobs (state, id);

insert into schema_migrations (version, name, checksum)
values (10, 'panel_filters', '4da0d2caf14e0eec8684901f2cd3e92a25251b229a8e9b90aa4cd50f3f33a515');

commit;
