-- What the panel's lists are narrowed down by: how a call ended, and what became of a mail.
create index calls_cause on calls (end_cause, id) where end_cause is not null;
create index mail_jobs_state on mail_jobs (state, id);
