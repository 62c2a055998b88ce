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
