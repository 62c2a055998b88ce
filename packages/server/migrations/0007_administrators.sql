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
