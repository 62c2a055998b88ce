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
