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
