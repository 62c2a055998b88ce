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
