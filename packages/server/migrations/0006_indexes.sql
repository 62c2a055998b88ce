-- Deleting an account looks for its events, of which there is one for every change of a login.
create index account_events_user on account_events (user_id);

-- `calls_owner` holds the same calls: one index less to write at every step of each.
drop index calls_living;
