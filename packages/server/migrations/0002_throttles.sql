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
