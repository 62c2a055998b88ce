-- What a user lets strangers have: an address through ICE candidates, or a call at all. A stranger is who is not a
-- contact of this user.
alter table users add column relay_only_for_strangers boolean not null default false;
alter table users add column calls_from_contacts_only boolean not null default false;

-- Whether only relayed candidates pass in this call; kept for a server that takes the call up after a restart.
alter table calls add column relay_only boolean not null default false;
